"""Runs the points of a sweep, one after another: each has all slots, and is a run like others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from agentlab.core.decision import Estimate
from agentlab.core.progress import Observer
from agentlab.core.result import RunResult
from agentlab.core.sweep import PointResult, SweepResult
from agentlab.errors import AgentlabError, InputError
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.experiment.sweep_file import Point, Sweep
from agentlab.measure.columns import columns_of
from agentlab.store.durable import write_durably
from agentlab.store.run_folder import RunFolder, list_runs

__all__ = ["run_sweep"]

_STAMP = re.compile(r"-\d{8}-\d{6}(-\d+)?$")


def run_sweep(
    sweep: Sweep,
    *,
    runs: Path,
    observer: Observer,
    on_end: Callable[[Path], None],
) -> SweepResult:
    """Runs every point that has no result yet, and compares them all.

    All runs lie in one folder with one database, so that a trial which two of them need is
    measured once. Begun again, a sweep goes on: what is completed answers its result, what was
    interrupted is resumed, and a point that could not be run is tried once more.

    Args:
        sweep: What to run.
        runs: The folder of runs; the sweep's is in it, under its name.
        observer: Told how it goes.
        on_end: Told of the folder of each run that ended now.

    Raises:
        InputError: the folder holds runs of another grid under the same names.
    """
    folder = runs / sweep.name
    _require_same(sweep, folder)
    results: list[PointResult] = []
    for number, point in enumerate(sweep.points, start=1):
        told = f"{point.of}, {point.column}, seed {point.experiment.seed}"
        observer.note(f"point {number} of {len(sweep.points)}: {told}")
        results.append(_run(point, folder, observer, on_end))
        found = SweepResult(
            name=sweep.name,
            reference=sweep.reference,
            points=tuple(results),
            columns=columns_of(results, sweep.reference),
        )
        write_durably(folder / "sweep.json", json.dumps(found.model_dump(mode="json")).encode())
    return found


def _require_same(sweep: Sweep, folder: Path) -> None:
    """Refuses a point whose run was begun with other settings; remembers those of all points."""
    known = folder / "points.json"
    before = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else {}
    now = {point.experiment.name: _digest(point.experiment) for point in sweep.points}
    changed = sorted(name for name in before.keys() & now.keys() if before[name] != now[name])
    if changed:
        raise InputError(
            f"{folder}: {', '.join(changed)}: begun with other settings than the file has now; "
            "give the sweep another name"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from error
    write_durably(known, json.dumps(before | now, indent=2).encode())


def _digest(experiment: Experiment) -> str:
    """Returns a hash of what decides a run's history, which where it ran does not."""
    settings = experiment.model_dump(mode="json", exclude={"executor", "store"})
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _run(
    point: Point, folder: Path, observer: Observer, on_end: Callable[[Path], None]
) -> PointResult:
    experiment = point.experiment
    begun = {_STAMP.sub("", run.name): run for run in list_runs(folder)}.get(experiment.name)
    try:
        if begun is not None:
            result = resume_run(begun, observer=observer)
        else:
            result = run_experiment(
                _in_one_store(experiment, folder), runs=folder, observer=observer, file=point.file
            )
    except AgentlabError as error:
        observer.note(f"no result: {error}")
        return _of(point, problem=str(error), run=begun)
    if begun is None or not begun.report.is_file():
        on_end(folder / result.run)
    return _point_result(point, result)


def _in_one_store(experiment: Experiment, folder: Path) -> Experiment:
    url = f"sqlite:///{quote(str((folder / 'agentlab.sqlite').absolute()))}"
    return experiment.model_copy(update={"store": experiment.store or url})


def _of(point: Point, *, problem: str, run: RunFolder | None) -> PointResult:
    return PointResult(
        experiment=point.of,
        column=point.column,
        seed=point.experiment.seed,
        run=run.name if run is not None else "",
        problem=problem,
    )


def _point_result(point: Point, result: RunResult) -> PointResult:
    objective = point.experiment.objective
    change = result.difference.test.get(objective.metric)
    if change is not None and objective.direction == "lower":
        change = Estimate(estimate=-change.estimate, low=-change.high, high=-change.low)
    return PointResult(
        experiment=point.of,
        column=point.column,
        seed=point.experiment.seed,
        run=result.run,
        verdict=result.verdict,
        metric=objective.metric,
        gain=change,
        kept=result.candidates.kept,
        proposals=result.candidates.proposed,
        trials=result.trials,
        wall_s=result.wall_s,
    )
