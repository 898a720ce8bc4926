"""Plays a target in an environment that ranks, as trials go but one at a time, for its items."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.task import SplitName
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.trials.inline import InlineExecutor

__all__ = ["files_of", "play"]

LIMITS = Limits(
    wall_s=600, cpu_s=600, mem_mb=8192, artefact_mb=1024, tokens=10**10, output_kb=10**5
)


def files_of(*folders: Path) -> dict[str, bytes]:
    """Returns the files of a target; of a name that comes twice the last counts."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for folder in folders
        for file in sorted(folder.rglob("*.py"))
    }


def play(
    world: Environment,
    files: dict[str, bytes],
    split: SplitName,
    *,
    packages: Sequence[str] = ("numpy",),
    tasks: int | None = None,
) -> list[TrialRecord]:
    """Returns the record of each batch; the first is of the preparation."""
    bench = Bench(
        environment=EnvironmentSpec(reference=type(world).__name__),
        target=TargetSpec(prepare="agent.py:prepare", packages=tuple(packages)),
        limits=LIMITS,
        sandbox="plain",
    )
    candidate = Candidate(files=files)
    records = []
    with closing(InlineExecutor(bench, environment=world)) as executor:

        def run(trial: Trial, left: dict[str, bytes] | None = None) -> dict[str, bytes]:
            executor.submit(trial, candidate, left)
            finished = executor.next_finished(0)
            assert finished is not None
            assert finished.record.fate.is_judged, finished.record.reason
            records.append(finished.record)
            return dict(finished.artefact_files)

        made = run(Trial(bench=bench.digest, candidate=candidate.digest, kind="prepare"))
        for task in world.tasks(split)[:tasks]:
            pair = Pair(task=task, seed=0, split=split, cluster=task.id)
            artefact = records[0].artefact
            trial = Trial(
                bench=bench.digest, candidate=candidate.digest, pair=pair, artefact=artefact
            )
            run(trial, made)
    return records
