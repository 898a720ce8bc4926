"""Whether two changes are worth something only together: a 2x2 on the same tasks and seeds.

Of each cluster it takes what the later change gains beside the earlier one, minus what it gains
without it. That contrast is 0 where the two add up. It is tested in both directions by the bets
that the gate makes, so that one may look after every block.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Estimate
from agentlab.core.objective import Objective
from agentlab.core.rounds import Corners, Finding
from agentlab.core.trial import TrialRecord
from agentlab.measure.e_process import log_e_value
from agentlab.measure.evidence import FUTILITY_Z, GUARD_ALPHA
from agentlab.measure.intervals import mean_interval
from agentlab.measure.pairing import FloatArray, paired_improvements
from agentlab.measure.scores import difference_interval, score

__all__ = [
    "ALPHA",
    "NEGLIGIBLE",
    "CornerRecords",
    "Reading",
    "Square",
    "corners_of",
    "read_square",
    "square_of",
]

ALPHA = 0.01
"""Chance that components that are not coupled are called so."""

NEGLIGIBLE = 0.1
"""Interaction that does not matter: absolute for `success`, else relative."""


class CornerRecords(NamedTuple):
    """Records of the four combinations, on the same pairs."""

    neither: Sequence[TrialRecord]
    earlier: Sequence[TrialRecord]
    later: Sequence[TrialRecord]
    both: Sequence[TrialRecord]


class Square(NamedTuple):
    """What the later change gains, by cluster; only clusters that all four have."""

    alone: FloatArray
    """Without the earlier change, in [-1, 1], shape (clusters,)."""

    on_top: FloatArray
    """Beside it, the same clusters."""

    pairs: int

    @property
    def interaction(self) -> FloatArray:
        """What it gains beside the earlier change minus what it gains without, in [-2, 2]."""
        return self.on_top - self.alone

    @property
    def promise(self) -> float:
        """How much it looks like a change that fails for the earlier one alone; above 0 it does.

        It must gain without the earlier change, and gain less beside it.
        """
        return self._least(0.0)

    @property
    def reach(self) -> float:
        """The most that its promise may plausibly be."""
        return self._least(FUTILITY_Z)

    def _least(self, errors: float) -> float:
        """Returns the lesser of what must be above 0, so many standard errors up."""
        size = self.alone.size
        if size < 2:
            return 0.0
        return min(
            float(part.mean() + errors * part.std(ddof=1) / math.sqrt(size))
            for part in (self.alone, -self.interaction)
        )


class Reading(NamedTuple):
    """What a square shows so far."""

    finding: Finding
    e_value: float
    """Evidence that the interaction is not 0."""

    alone: Estimate | None
    on_top: Estimate | None
    interaction: Estimate | None


def square_of(records: CornerRecords, objective: Objective) -> Square:
    """Returns what the later change gains without and beside the earlier one."""
    alone = _gains(records.later, records.neither, objective)
    on_top = _gains(records.both, records.earlier, objective)
    common = [cluster for cluster in alone if cluster in on_top]
    return Square(
        np.array([np.mean(alone[cluster]) for cluster in common]),
        np.array([np.mean(on_top[cluster]) for cluster in common]),
        sum(min(len(alone[cluster]), len(on_top[cluster])) for cluster in common),
    )


def corners_of(records: CornerRecords, objective: Objective) -> Corners | None:
    """Returns the objective's metric at each corner, None where it was not measured at one."""
    found = [score(corner, objective.metric) for corner in records]
    if any(estimate is None for estimate in found):
        return None
    return Corners.model_validate(dict(zip(CornerRecords._fields, found, strict=True)))


def read_square(square: Square, objective: Objective, *, is_kept: bool) -> Reading:
    """Returns what a square shows so far.

    Args:
        square: What was seen.
        objective: Whose metric it is.
        is_kept: Whether the later change was kept beside the earlier one. One that was not tells
            of coupling only if it is shown to be better without the earlier one: what breaks
            everything gains less where there is more to break, and that is no reason to tune
            anything together.
    """
    # Half the contrast, so that it lies in [-1, 1] as bets need it.
    half = square.interaction / 2
    ways = (log_e_value(half), log_e_value(-half))
    # The mean of two e-values is one.
    log_e = float(np.logaddexp(*ways)) - math.log(2)
    is_shown = log_e >= math.log(1 / ALPHA)
    if not is_kept:
        is_shown = is_shown and ways[1] > ways[0]
        is_shown = is_shown and log_e_value(square.alone) >= math.log(1 / ALPHA)
    finding: Finding = "undecided"
    if is_shown:
        finding = "coupled"
    elif _is_negligible(half):
        finding = "independent"
    enough = square.alone.size > 1
    return Reading(
        finding,
        math.exp(min(log_e, 700.0)),
        difference_interval(objective.metric, square.alone) if enough else None,
        difference_interval(objective.metric, square.on_top) if enough else None,
        mean_interval(square.interaction) if enough else None,
    )


def _is_negligible(half: FloatArray) -> bool:
    """Returns whether an interaction that matters is ruled out in both directions."""
    margin, needed = NEGLIGIBLE / 2, math.log(1 / GUARD_ALPHA)
    return all(log_e_value(sign * half, margin=margin) >= needed for sign in (1, -1))


def _gains(
    changed: Sequence[TrialRecord], unchanged: Sequence[TrialRecord], objective: Objective
) -> dict[str, list[float]]:
    """Returns by cluster how much better the changed one is on each pair."""
    found: dict[str, list[float]] = {}
    lower = objective.direction == "lower"
    for pair in paired_improvements(changed, unchanged, objective.metric, lower_is_better=lower):
        found.setdefault(pair.cluster, []).append(pair.value)
    return found
