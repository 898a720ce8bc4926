"""The winner's curse: what the gates saw of a gain beside what is left of it on fresh seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from agentlab.core.decision import Decision, Estimate
from agentlab.core.result import Remeasured, SplitScores
from agentlab.core.task import SplitName

__all__ = ["remeasured_of"]


def remeasured_of(
    metric: str,
    kept: Sequence[Decision],
    difference: SplitScores,
    *,
    has_fresh_seeds: bool,
) -> Remeasured | None:
    """Returns both estimates of the winner's gain; None where one of them is missing.

    Each keep was compared with the one before it, on seeds of its own, so that their gains add up
    and their errors are independent.

    Args:
        metric: What was optimised.
        kept: The keeps of a run, in their order.
        difference: Winner minus baseline in the final measurement.
        has_fresh_seeds: Whether validation could be measured afresh; else it is what the gate saw.
    """
    seen = [one.differences[metric] for one in kept if metric in one.differences]
    split: SplitName = "validation" if has_fresh_seeds else "test"
    again = difference.of(split).get(metric)
    if not kept or len(seen) < len(kept) or again is None:
        return None
    return Remeasured(metric=metric, at_gate=_sum(seen), again=again, on=split)


def _sum(gains: Sequence[Estimate]) -> Estimate:
    """Returns the sum of independent estimates; half-intervals add as the sides of a rectangle do.

    >>> _sum([Estimate(estimate=1, low=-2, high=4), Estimate(estimate=1, low=-3, high=5)])
    Estimate(estimate=2.0, low=-3.0, high=7.0)
    """
    total = math.fsum(gain.estimate for gain in gains)
    below = math.hypot(*(gain.estimate - gain.low for gain in gains))
    above = math.hypot(*(gain.high - gain.estimate for gain in gains))
    return Estimate(estimate=total, low=total - below, high=total + above)
