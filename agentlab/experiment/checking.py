"""What `agentlab check` tells of an experiment: everything is built, and tried with few trials."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.core.progress import Observer, Progress
from agentlab.core.readiness import Readiness
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError
from agentlab.experiment.build import World, bench_of, build_executor, build_run
from agentlab.experiment.caches import cache_findings
from agentlab.experiment.config import Experiment
from agentlab.experiment.measurement import NoLedger
from agentlab.experiment.models import open_models
from agentlab.experiment.ready import get_ready, require_clusters, require_running
from agentlab.experiment.splits import told_leaks
from agentlab.report.readiness import readiness_lines
from agentlab.search.desk import TrialDesk
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule
from agentlab.trials.executor import Executor

__all__ = ["CheckLine", "Checked", "check"]


class CheckLine(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    exit_code: int = 1
    """What `check` ends with where this does not hold."""

    word: str = ""
    """What is shown where neither "ok" nor its contrary is true, such as `unknown`."""


class Checked(NamedTuple):
    """All that was looked at, and what was measured."""

    lines: list[CheckLine]
    readiness: Readiness | None
    """None where the target does not even run."""


def check(experiment: Experiment, *, observer: Observer) -> Checked:
    """Builds everything and measures what a run would know before its first proposal.

    Raises:
        InputError: something cannot be built, or a fixed data set is too small.
        NothingMeasurable: our side failed too often.
    """
    world = build_run(experiment, tell=observer.note)
    lines = [CheckLine("experiment", True, f"'{experiment.name}' is well formed")]
    for split, tasks in world.tasks.items():
        groups = len({task.group for task in tasks})
        lines.append(
            CheckLine(
                f"{split} split",
                True,
                f"{counted(len(tasks), 'task')} in {counted(groups, 'group')}",
            )
        )
    lines.append(CheckLine("leaks", True, _leaks(world), word="accepted" if world.leaks else ""))
    lines.append(
        CheckLine("meta-agents", True, ", ".join(source.kind for source in experiment.meta))
    )
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=world.traits.is_seeded)
    with (
        open_models(experiment) as access,
        closing(build_executor(experiment, tell=observer.note, access=access)) as executor,
        _measuring(experiment, world, executor, observer) as measuring,
    ):
        opened = executor.open()
        try:
            require_running(world, measuring, schedule)
        except InputError as error:
            return Checked([*lines, CheckLine("baseline", False, str(error))], None)
        require_clusters(experiment, world, measuring, schedule)
        readiness, records = get_ready(experiment, world, measuring, schedule, slots=executor.slots)
    own = [record for record in records if record.candidate == world.baseline.digest]
    baseline = _baseline(readiness, own)
    lines.append(baseline)
    refused = InputError.exit_code  # what a run would refuse
    lines += [
        CheckLine(line.name, line.ok, line.detail, exit_code=refused, word=line.word)
        for line in readiness_lines(readiness)
    ]
    lines.append(CheckLine("sandbox", opened.sandbox != "plain", opened.sandbox))
    if baseline.ok:
        lines += _caches(experiment, world, observer)
    return Checked(lines, readiness)


def _leaks(world: World) -> str:
    if not world.leaks:
        return "no two tasks of different splits say the same"
    return f"accepted: {'; '.join(told_leaks(world.leaks))}"


def _baseline(readiness: Readiness, records: list[TrialRecord]) -> CheckLine:
    reasons: dict[str, str] = {}
    for record in records:
        if not record.fate.is_judged:
            reasons.setdefault(record.fate.value, f"{record.task}: {record.reason}")
    fates = Counter(record.fate.value for record in records)
    broken = "".join(f"; {fates[f]} {f}, the first at {why}" for f, why in reasons.items())
    detail = f"success {readiness.success.estimate:.2f} in {counted(len(records), 'trial')}{broken}"
    return CheckLine("baseline", not broken, detail)


def _caches(experiment: Experiment, world: World, observer: Observer) -> Iterator[CheckLine]:
    words = {"sound": "", "fault": "accepted" if "cache" in experiment.accept else ""}
    with open_models(experiment) as access:
        findings = cache_findings(experiment, world, observer=observer, access=access)
    for finding in findings:
        yield CheckLine(
            f"caches, {finding.file}",
            finding.level != "fault" or "cache" in experiment.accept,
            f"fault: {finding.text}" if finding.level == "fault" else finding.text,
            exit_code=InputError.exit_code,
            word=words.get(finding.level, finding.level),
        )


@contextmanager
def _measuring(
    experiment: Experiment, world: World, executor: Executor, observer: Observer
) -> Iterator[Measuring]:
    """Yields what measures without keeping anything, and tells the observer how it goes."""
    began = time.monotonic()

    def tick() -> None:
        rate = desk.measured / max(time.monotonic() - began, 1e-3)
        observer.progress(
            Progress(phase="check", done=desk.measured, trials=desk.measured, trials_per_s=rate)
        )

    with tempfile.TemporaryDirectory(prefix="agentlab-check-") as artefacts:
        desk = TrialDesk(executor, NoLedger(), artefacts=Path(artefacts), on_tick=tick)
        yield Measuring(
            desk,
            bench=bench_of(experiment).digest,
            needs_preparation=world.traits.needs_preparation,
            preparation_seed=experiment.seed,
        )
