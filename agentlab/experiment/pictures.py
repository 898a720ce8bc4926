"""What a person is shown of a run or an evaluation: its worst and its best trial, in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, get_args

from agentlab.core.candidate import Candidate
from agentlab.core.pictured import Pictured, Which, Who
from agentlab.core.task import Task
from agentlab.core.trial import Pair, TrialRecord
from agentlab.errors import InputError
from agentlab.experiment.config import Experiment
from agentlab.experiment.parts import RunParts
from agentlab.experiment.teller import Teller
from agentlab.report.tasks import splits_told
from agentlab.search.measuring import Measuring
from agentlab.search.pictures import Shown, show, worst_and_best
from agentlab.store.evidence import clear_evidence, save_evidence
from agentlab.store.run_folder import RunFolder
from agentlab.trials.executor import Executor

__all__ = ["Scene", "pictured", "pictures_of_run"]

_BOTH: tuple[Which, ...] = get_args(Which)


class Scene(NamedTuple):
    """Where trials are run again, and what may be run."""

    experiment: Experiment
    executor: Executor
    measuring: Measuring
    tasks: Sequence[Task]
    artefacts: Path
    """Where preparations are kept."""


def pictures_of_run(
    experiment: Experiment,
    parts: RunParts,
    executor: Executor,
    folder: RunFolder,
    *,
    winner: Candidate,
    teller: Teller,
) -> tuple[Pictured, ...]:
    """Makes pictures of winner and baseline below the run's folder; what cannot be ends no run.

    They are of the final validation or, where that is hidden, of train; the test is never shown.
    """
    told = splits_told(experiment.objective)[-1]
    tasks = parts.world.tasks[told]
    scene = Scene(experiment, executor, parts.measuring, tasks, folder.artefacts)
    sides: dict[Who, Candidate] = {"winner": winner, "baseline": parts.world.baseline}
    if winner.digest == parts.world.baseline.digest:
        del sides["winner"]
    teller.phase("check", "pictures of the worst and the best trial")
    found: list[Pictured] = []
    try:
        clear_evidence(folder.evidence, [f"{who}-{which}" for who in sides for which in _BOTH])
        for who, candidate in sides.items():
            records = (
                parts.measuring.on(candidate, parts.finals.validation)
                if told == "validation"
                else parts.lab.train_records(candidate.digest)
            )
            found += pictured(scene, candidate, records, folder.evidence, who=who)
            if not found:
                # A world that shows nothing of one trial shows nothing of others.
                break
    except InputError as error:
        teller.note(f"pictures could not be kept: {error}")
    place = folder.evidence.name
    return tuple(one.model_copy(update={"folder": f"{place}/{one.folder}"}) for one in found)


def pictured(
    scene: Scene,
    candidate: Candidate,
    records: Sequence[TrialRecord],
    folder: Path,
    *,
    who: Who,
) -> list[Pictured]:
    """Runs the worst and the best of some trials again and keeps what is shown of them.

    Args:
        scene: Where they run.
        candidate: Whose trials they are.
        records: Of one split.
        folder: Gets `<who>-worst` and `<who>-best`, or `worst` and `best` for the target of an
            evaluation; one that is not there is not made where there is nothing to show.
        who: Whose trials they are, in a word.

    Raises:
        InputError: the folder cannot be written.
    """
    tasks = {task.id: task for task in scene.tasks}
    found = []
    for which, record in worst_and_best(records, scene.experiment.objective):
        assert record.split is not None
        pair = Pair(
            task=tasks[record.task],
            seed=record.seed,
            split=record.split,
            cluster=record.cluster,
        )
        (trial,) = scene.measuring.trials(candidate, [pair], trace="pictured")
        shown = show(scene.executor, trial, candidate, artefacts=scene.artefacts)
        if not shown.files:
            break
        found.append(_kept(shown, folder, which, who))
    return found


def _kept(shown: Shown, folder: Path, which: Which, who: Who) -> Pictured:
    name = which if who == "target" else f"{who}-{which}"
    record = shown.record
    assert record.split is not None
    about = record.model_dump(mode="json", exclude={"key", "bench", "cluster", "artefact"})
    return Pictured(
        who=who,
        which=which,
        candidate=record.candidate,
        split=record.split,
        task=record.task,
        seed=record.seed,
        fate=record.fate,
        success=record.success,
        reason=record.reason,
        folder=name,
        files=save_evidence(
            folder / name, shown.files, about={"who": who, "which": which, **about}
        ),
    )
