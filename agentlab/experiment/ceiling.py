"""The ceiling report of a run: at its end, or long after from what is stored of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.ceiling import Ceiling, EditKind, Yardsticks
from agentlab.core.decision import Decision
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.objective import Objective
from agentlab.core.result import RunResult
from agentlab.experiment.config import Experiment
from agentlab.measure.best_per_task import TaskScores
from agentlab.measure.ceiling import Findings, ceiling_of
from agentlab.measure.next_steps import Setting
from agentlab.meta.edit_kind import edit_kind
from agentlab.meta.numeric.sites import sites_of
from agentlab.store.store import Store

__all__ = ["ceiling_of_run", "with_stored_ceiling"]


def ceiling_of_run(
    experiment: Experiment,
    result: RunResult,
    decisions: Sequence[Decision],
    *,
    candidate: Callable[[str], Candidate],
    baseline: Candidate,
    scores: TaskScores,
    tasks: int,
    is_seeded: bool,
    yardsticks: Yardsticks | None = None,
) -> Ceiling:
    """Returns the ceiling report of a run that ends.

    Args:
        experiment: Which run.
        result: What it found.
        decisions: All of them.
        candidate: Returns a candidate of the run by its digest.
        baseline: The target as it came.
        scores: Of the trials that were looked at, but for the test's.
        tasks: Validation tasks.
        is_seeded: Whether there are fresh seeds.
        yardsticks: What was measured before the first proposal.
    """
    return _report(
        experiment.model_dump(mode="json"),
        result,
        decisions,
        candidate=candidate,
        baseline=baseline,
        scores=scores,
        tasks=tasks,
        is_seeded=is_seeded,
        yardsticks=yardsticks or Yardsticks(),
    )


def with_stored_ceiling(result: RunResult, store: Store, run: str) -> RunResult:
    """Returns a stored result with a ceiling report, made anew where it has none.

    From all trials that are stored; a run that ends leaves out those that it did not look at.

    Args:
        result: As it was stored.
        store: Where the run is.
        run: Its name.
    """
    if result.ceiling is not None or result.is_debug or result.status != "completed":
        return result
    settings = store.run(run).experiment
    if any(source["kind"] == "canary" for source in settings["meta"]):
        return result  # an A/A: copies of the target bound nothing
    trials = [trial for trial in store.trials(run, kind="solve") if trial.split != "test"]
    scores = TaskScores()
    scores.add(trials)
    ceiling = _report(
        settings,
        result,
        store.decisions(run),
        candidate=lambda digest: store.candidate(run, digest),
        baseline=store.candidate(run, 0),
        scores=scores,
        tasks=len({trial.task for trial in trials if trial.split == "validation"}),
        is_seeded=any(trial.seed for trial in trials),
        yardsticks=Yardsticks(),
    )
    return result.model_copy(update={"ceiling": ceiling})


def _report(
    experiment: Mapping[str, Any],  # Any: a configuration as JSON, of this version or an older one
    result: RunResult,
    decisions: Sequence[Decision],
    *,
    candidate: Callable[[str], Candidate],
    baseline: Candidate,
    scores: TaskScores,
    tasks: int,
    is_seeded: bool,
    yardsticks: Yardsticks,
) -> Ceiling:
    target = TargetSpec(editable=tuple(experiment["target"]["editable"]))
    findings = Findings(
        result=result,
        decisions=decisions,
        scores=scores,
        kinds={decision.number: _kind(decision, candidate) for decision in decisions},
        has_numbers=_has_numbers(candidate(result.winner_digest), target),
        yardsticks=yardsticks,
    )
    setting = Setting(
        objective=Objective.model_validate(experiment["objective"]),
        sources=experiment["meta"],
        tasks=tasks,
        frozen=sorted(path for path in baseline.files if not target.is_editable(path)),
        editable=target.editable,
        metrics=tuple(result.baseline.validation),
        is_seeded=is_seeded,
        is_used_up=result.stopped_by == "no more proposals",
        is_of_script=EnvironmentSpec.model_validate(experiment["environment"]).is_of_script,
    )
    return ceiling_of(findings, setting)


def _kind(decision: Decision, candidate: Callable[[str], Candidate]) -> EditKind:
    made = candidate(decision.candidate)
    return edit_kind(candidate(made.parent or decision.incumbent).files, made.files)


def _has_numbers(winner: Candidate, target: TargetSpec) -> bool:
    return any(
        site.is_quantity
        for path, content in winner.files.items()
        if path.endswith(".py") and target.is_editable(path)
        for site in sites_of(content)
    )
