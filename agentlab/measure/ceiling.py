"""The ceiling report: a function of a run's decisions, of its trials and of its result."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agentlab.core.ceiling import Bounds, Ceiling, EditKind, Yardsticks
from agentlab.core.decision import Decision
from agentlab.core.result import RunResult
from agentlab.measure.best_per_task import TaskScores, best_per_task
from agentlab.measure.ceiling_rules import CeilingCase, first_that_holds, percent
from agentlab.measure.failures import mechanisms_of, misses_of
from agentlab.measure.next_steps import Setting, steps_for
from agentlab.measure.plateau import plateau_of

__all__ = ["Findings", "ceiling_of"]

_Z = 1.959963985


class Findings(NamedTuple):
    """What a run leaves behind."""

    result: RunResult
    """Its final measurement, and what the gate could have shown."""

    decisions: Sequence[Decision]
    scores: TaskScores
    """Of the trials that were looked at, but for the test's."""

    kinds: Mapping[int, EditKind]
    """What each proposal changed, by its number."""

    has_numbers: bool
    """Whether the winner has numbers that could be moved."""

    yardsticks: Yardsticks = Yardsticks()


def ceiling_of(found: Findings, setting: Setting) -> Ceiling:
    """Returns what bounds a run, whether it is flat, what did not work, and what to do next.

    Args:
        found: What it measured and decided.
        setting: What of the experiment could be changed.
    """
    metric = setting.objective.metric
    case = CeilingCase(
        bounds=_bounds(found, metric),
        plateau=plateau_of(found.decisions, found.kinds, found.result.detectable),
        detectable=found.result.detectable,
        compared=sum(bool(decision.tested) for decision in found.decisions),
        is_success=metric == "success",
        has_numbers=found.has_numbers,
    )
    spoken = first_that_holds(case)
    return Ceiling(
        verdict=spoken.rule.verdict,
        rule=spoken.rule.name,
        reasons=(spoken.reason, *_caveats(case)),
        bounds=case.bounds,
        plateau=case.plateau,
        mechanisms=mechanisms_of(found.decisions, found.kinds),
        misses=misses_of(found.decisions, metric),
        steps=steps_for(spoken.rule.verdict, case, setting, found.decisions),
    )


def _bounds(found: Findings, metric: str) -> Bounds:
    best = best_per_task(found.scores, found.result.winner_digest)
    return Bounds(
        null=found.yardsticks.null,
        baseline=found.result.baseline.validation.get("success"),
        winner=found.result.winner.validation.get("success"),
        oracle=found.yardsticks.oracle,
        tasks=found.scores.tasks,
        unsolved=found.scores.unsolved,
        best_per_task=best.success if best else None,
        best_per_task_lead=best.lead if best else None,
        best_per_task_highest=found.scores.highest,
        noise_floor=found.yardsticks.floors.get(metric, _floor(found)),
    )


def _floor(found: Findings) -> float | None:
    """Returns by how much two measurements differ by noise, from the spread at the gate.

    Proposals that change much spread more than noise does, so it is a little too high.
    """
    samples = [d.tested[0] for d in found.decisions if d.tested and d.stage == "gate"]
    detectable = found.result.detectable
    if not samples or detectable is None:
        return None
    clusters = sum(sample.clusters for sample in samples)
    variance = sum(sample.spread**2 * sample.clusters for sample in samples) / clusters
    return _Z * math.sqrt(variance / detectable.pairs)


def _caveats(case: CeilingCase) -> Iterator[str]:
    """Yields what bears on the verdict beside the rule that spoke."""
    plateau = case.plateau
    if plateau.missed is not None and plateau.all.proposals:
        least = percent(plateau.missed) if plateau.is_relative else f"{plateau.missed:+.2g}"
        yield f"a true improvement below {least} may have been missed at the gate"
    null, winner = case.bounds.null, case.bounds.winner
    if null is not None and winner is not None and null >= winner.low:
        yield f"a program that does nothing solves {null:.2f}: success hardly tells agents apart"
