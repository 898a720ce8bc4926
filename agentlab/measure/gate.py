"""The keep rule `paired`: what the paired records so far say about a candidate.

A pure function of the records, so that any order of arrival and any number of slots decide alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Estimate, Sample, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.e_process import log_e_value
from agentlab.measure.intervals import mean_interval, paired_share_interval
from agentlab.measure.metrics import lower_is_better
from agentlab.measure.pairing import Differences, improvements

__all__ = [
    "FUTILITY_Z",
    "GUARD_ALPHA",
    "GateReading",
    "compare",
    "describe",
    "reach",
    "read_gate",
    "sample_of",
]

GUARD_ALPHA = 0.05
"""A guard holds when its violation is rejected at this level."""

FUTILITY_Z = 1.5
"""The gate gives up when so many standard errors above the mean lie below what is worthwhile."""


class GateReading(NamedTuple):
    """What the gate says after some blocks."""

    verdict: Verdict | None
    """None: undetermined yet, measure another block."""

    reason: str
    e_value: float
    pairs: int
    tested: tuple[Sample, ...]
    """What the test of the objective saw, then each guard that is not shown to hold."""


def compare(
    candidate: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    metric: str,
    traits: Traits,
) -> Differences:
    """Returns the improvement of the candidate in a metric, in its declared direction."""
    return improvements(
        candidate, incumbent, metric, lower_is_better=lower_is_better(metric, traits)
    )


def read_gate(
    candidate: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    *,
    objective: Objective,
    traits: Traits,
    blocks: int,
    is_last: bool,
) -> GateReading:
    """Returns what the records decide.

    Args:
        candidate: Its records on the gate's pairs so far.
        incumbent: The incumbent's on the same pairs.
        objective: Metric, guards and rule.
        traits: Directions of the environment's metrics.
        blocks: How many blocks the records come from.
        is_last: Whether no further block may be measured.
    """
    gain = improvements(
        candidate, incumbent, objective.metric, lower_is_better=objective.direction == "lower"
    )
    log_e = log_e_value(gain.clusters)
    e_value = math.exp(min(log_e, 700.0))
    rule = objective.rule

    guards = {
        guard: compare(candidate, incumbent, guard.metric, traits) for guard in objective.guards
    }
    open_guards = [guard for guard, difference in guards.items() if not _holds(guard, difference)]
    tested = sample_of(objective.metric, gain, blocks=blocks)
    for guard in open_guards:
        tested += sample_of(guard.metric, guards[guard], blocks=blocks, margin=guard.margin)

    def reading(verdict: Verdict | None, reason: str) -> GateReading:
        return GateReading(verdict, reason, e_value, gain.pairs, tested)

    broken = [guard for guard, difference in guards.items() if _is_broken(guard, difference)]
    if broken:
        return reading(Verdict.DISCARDED, f"guard broken: {_words(broken)}")
    if reach(gain) < rule.worthwhile:
        return reading(
            Verdict.DISCARDED,
            f"an improvement of {rule.worthwhile:g} in {objective.metric} is out of reach",
        )
    is_better = log_e >= math.log(1 / rule.alpha)
    if is_better and not open_guards:
        return reading(Verdict.KEPT, f"better in {objective.metric} (e = {e_value:,.0f})")
    if not is_last:
        return reading(None, "more blocks are needed")
    if is_better:
        return reading(
            Verdict.UNDECIDED, f"better, but the guard is not shown: {_words(open_guards)}"
        )
    return reading(
        Verdict.UNDECIDED,
        f"e = {e_value:.3g} of {1 / rule.alpha:g} after {gain.pairs} pairs: "
        "neither shown nor ruled out",
    )


def sample_of(
    metric: str, difference: Differences, *, blocks: int, margin: float = 0.0
) -> tuple[Sample, ...]:
    """Returns what a test saw, for the record; nothing where it saw nothing."""
    clusters = difference.clusters
    if not clusters.size:
        return ()
    return (
        Sample(
            metric=metric,
            margin=margin,
            mean=float(clusters.mean()),
            spread=float(np.std(clusters, ddof=1)) if clusters.size > 1 else 0.0,
            clusters=clusters.size,
            blocks=blocks,
            is_binary=bool(np.isin(clusters, (-1.0, 0.0, 1.0)).all()),
        ),
    )


def describe(difference: Differences, *, is_share: bool) -> Estimate:
    """Returns the difference with its interval."""
    interval = paired_share_interval if is_share else mean_interval
    return interval(difference.clusters)


def reach(difference: Differences) -> float:
    """Returns the most that the true difference may plausibly be; 1 without any cluster."""
    clusters = difference.clusters
    if clusters.size < 2:
        return 1.0
    spread = float(np.std(clusters, ddof=1)) / math.sqrt(clusters.size)
    return float(clusters.mean()) + FUTILITY_Z * spread


def _holds(guard: Guard, difference: Differences) -> bool:
    return log_e_value(difference.clusters, margin=guard.margin) >= math.log(1 / GUARD_ALPHA)


def _is_broken(guard: Guard, difference: Differences) -> bool:
    return difference.clusters.size > 0 and reach(difference) < -guard.margin


def _words(guards: Sequence[Guard]) -> str:
    return ", ".join(f"{guard.metric} within {guard.margin:g}" for guard in guards)
