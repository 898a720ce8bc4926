"""The Python API: an experiment without a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.objective import Objective
from agentlab.core.progress import Observer, Silent
from agentlab.core.result import RunResult
from agentlab.errors import InputError
from agentlab.experiment.config import (
    ExecutorConfig,
    Experiment,
    IdeasConfig,
    MeasureConfig,
    MetaConfig,
    MutationConfig,
    RoundConfig,
    TargetConfig,
)
from agentlab.experiment.document import Document
from agentlab.experiment.problems import explain
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.search.budget import Budget
from agentlab.store.run_folder import find_run

__all__ = ["optimize", "resume"]


def optimize(
    environment: Environment | str,
    target: str | Path,
    *,
    name: str = "optimize",
    entry: str = "agent.py:solve",
    ideas: str | Path | None = None,
    objective: Objective | None = None,
    limits: Limits | None = None,
    budget: Budget | None = None,
    measure: MeasureConfig | None = None,
    components: Mapping[str, Sequence[str]] | None = None,
    rounds: Sequence[RoundConfig] | None = None,
    executor: Literal["inline", "ray"] = "inline",
    slots: int | Literal["auto"] = "auto",
    seed: int = 1,
    runs: str | Path = "runs",
    observer: Observer | None = None,
) -> RunResult:
    """Rewrites a target again and again and keeps what is shown to be better.

    Args:
        environment: A live environment (then `inline` only), a built-in such as
            `environments/browser`, or `package.module:Class`.
        target: Folder of the target; it is copied and never edited.
        name: Begins the name of the run.
        entry: `file.py:function`, called as `solve(goal, tools)`.
        ideas: A bank of recorded proposals to try beside typed edits.
        objective: What is optimised; success, if not given.
        limits: What one trial may spend.
        budget: What the whole run may spend; 40 proposals, if not given.
        measure: The final measurement.
        components: Parts of the target that rounds open one by one: patterns of files, by name.
        rounds: Searches one after another, such as `RoundConfig(open=("ranking",))`; one search
            with all of it open, if not given.
        executor: This process, or one process per slot on Ray.
        slots: Trials at one time on Ray.
        seed: Decides everything that is random in the run.
        runs: Where the run's folder goes.
        observer: Told how it goes.

    Raises:
        InputError: something given cannot work; every problem is named.
        NothingMeasurable: our side failed too often; the run can be resumed.
    """
    live = None if isinstance(environment, str) else environment
    sources: Sequence[MetaConfig] = (MutationConfig(kind="mutation"),)
    if ideas is not None:
        sources = (IdeasConfig(kind="ideas", folder=str(Path(ideas).resolve())), *sources)
    parts = {part: tuple(patterns) for part, patterns in (components or {}).items()}
    try:
        experiment = Experiment(
            name=name,
            environment=EnvironmentSpec(reference=_reference(environment)),
            target=TargetConfig(path=str(target), entry=entry, components=parts or None),
            meta=tuple(sources),
            objective=objective or Objective(),
            limits=limits or Limits(),
            budget=budget or Budget(candidates=40),
            rounds=None if rounds is None else tuple(rounds),
            measure=measure or MeasureConfig(),
            executor=ExecutorConfig(kind=executor, slots=slots),
            seed=seed,
        )
    except ValidationError as error:
        given = {"name": name, "seed": seed, "budget": budget, "rounds": rounds}
        raise InputError(*explain(error, Document("agentlab.optimize", given, {}))) from error
    return run_experiment(
        experiment, runs=Path(runs), observer=observer or Silent(), environment=live
    )


def resume(
    run: str | Path,
    *,
    environment: Environment | None = None,
    observer: Observer | None = None,
) -> RunResult:
    """Goes on with a run where it was interrupted; a completed one answers its result.

    Args:
        run: The run's folder.
        environment: The live environment that it was begun with, if it was one.
        observer: Told how it goes.

    Raises:
        InputError: there is no such run, another process has it, or its environment has changed.
        NothingMeasurable: our side failed too often again.
    """
    folder = find_run(str(run), Path(run).parent)
    return resume_run(folder, observer=observer or Silent(), environment=environment)


def _reference(environment: Environment | str) -> str:
    if isinstance(environment, str):
        return environment
    made_by = type(environment)
    return f"{made_by.__module__}:{made_by.__qualname__}"
