"""How much of a gain on groups that the search saw is there on groups that nobody saw."""

from __future__ import annotations

import math

from agentlab.core.decision import Estimate
from agentlab.core.result import SplitScores, Survival
from agentlab.core.task import SplitName
from agentlab.measure.metrics import is_spending

__all__ = ["gap", "ratio", "survival_of"]


def survival_of(
    metric: str,
    difference: SplitScores,
    solved_by_both: SplitScores,
    *,
    seen_on: SplitName,
) -> Survival | None:
    """Returns what of a metric's gain survives; None where it was not measured on both sides.

    Args:
        metric: What is spent is compared where both candidates solve.
        difference: Winner minus baseline.
        solved_by_both: The same where both solve.
        seen_on: The split whose groups the search saw and that was measured afresh.
    """
    change = solved_by_both if is_spending(metric) else difference
    seen, unseen = change.of(seen_on).get(metric), change.test.get(metric)
    if seen is None or unseen is None:
        return None
    return Survival(
        metric=metric,
        seen_on=seen_on,
        seen=seen,
        unseen=unseen,
        gap=gap(unseen, seen),
        share=ratio(unseen, seen),
    )


def gap(first: Estimate, second: Estimate) -> Estimate:
    """Returns first minus second, of two that were measured independently.

    Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
    Medicine 2008: each limit is as far away as the two limits that lead there, by Pythagoras.

    >>> gap(Estimate(estimate=1, low=-2, high=4), Estimate(estimate=3, low=-1, high=7))
    Estimate(estimate=-2.0, low=-7.0, high=3.0)
    """
    difference = first.estimate - second.estimate
    below = math.hypot(first.estimate - first.low, second.high - second.estimate)
    above = math.hypot(first.high - first.estimate, second.estimate - second.low)
    return Estimate(estimate=difference, low=difference - below, high=difference + above)


def ratio(first: Estimate, second: Estimate) -> Estimate | None:
    """Returns first over second, of two that were measured independently.

    None where the interval of the second holds 0: then the ratio may be anything (Fieller, "Some
    problems in interval estimation", Journal of the Royal Statistical Society B 1954).

    >>> ratio(Estimate(estimate=2, low=2, high=2), Estimate(estimate=4, low=4, high=4))
    Estimate(estimate=0.5, low=0.5, high=0.5)
    >>> ratio(Estimate(estimate=2, low=1, high=3), Estimate(estimate=1, low=-1, high=3)) is None
    True
    """
    if second.low <= 0 <= second.high:
        return None
    share = first.estimate / second.estimate
    above, below = _half(first) / second.estimate, _half(second) / second.estimate
    rest = 1 - below**2
    centre = share / rest
    half = math.sqrt(above**2 * rest + (share * below) ** 2) / rest
    return Estimate(estimate=share, low=centre - half, high=centre + half)


def _half(value: Estimate) -> float:
    return (value.high - value.low) / 2
