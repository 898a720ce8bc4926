"""How often a proposer was right about its own proposals, as train trials show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.attempt import Attempt
from agentlab.core.decision import Decision
from agentlab.core.meta_agent import Workshop
from agentlab.meta.gains import gain_by_task

__all__ = ["Calibration", "Checked", "calibration_of", "calibration_words", "checked"]

_SAME = 0.005
"""A mean difference that counts as none."""


class Checked(NamedTuple):
    """A prediction beside what became of it."""

    number: int
    predicted: float
    """With its sign: above 0 is better."""

    seen: float
    tasks: int
    is_right: bool
    """Whether it moved the way that was said."""


class Calibration(NamedTuple):
    """All predictions of a source that could be checked."""

    checked: tuple[Checked, ...]

    @property
    def share_right(self) -> float:
        """Share that moved the way that was said."""
        return sum(one.is_right for one in self.checked) / len(self.checked)

    @property
    def bias(self) -> float:
        """Mean of predicted minus seen; above 0 it promises too much."""
        return sum(one.predicted - one.seen for one in self.checked) / len(self.checked)


def checked(workshop: Workshop, attempt: Attempt, decision: Decision) -> Checked | None:
    """Returns a prediction beside what train trials show; None where they show nothing."""
    prediction = attempt.prediction
    if prediction is None:
        return None
    gains = gain_by_task(workshop, decision.candidate, decision.incumbent)
    wanted = [gains[task] for task in prediction.tasks or gains if task in gains]
    pairs = sum(gain.pairs for gain in wanted)
    if not pairs:
        return None
    seen = sum(gain.objective * gain.pairs for gain in wanted) / pairs
    sign = {"better": 1.0, "same": 0.0, "worse": -1.0}[prediction.direction]
    is_right = seen * sign > _SAME if sign else abs(seen) <= _SAME
    return Checked(decision.number, sign * prediction.size, seen, len(wanted), is_right)


def calibration_of(workshop: Workshop, source: str) -> Calibration:
    """Returns the predictions of a source that were measured, by number."""
    decisions = {decision.number: decision for decision in workshop.history}
    found = [
        checked(workshop, attempt, decisions[attempt.number])
        for attempt in workshop.attempts
        if attempt.source == source and attempt.number in decisions
    ]
    return Calibration(tuple(one for one in found if one is not None))


def calibration_words(calibration: Calibration, *, last: int = 6) -> str:
    """Returns how right a proposer was, in words."""
    found: Sequence[Checked] = calibration.checked
    if not found:
        return ""
    right = sum(one.is_right for one in found)
    lines = [
        f"Of {len(found)} predictions that were measured on train, {right} moved the way that was "
        f"said; they promised {calibration.bias:+.3f} more than was seen, on average."
    ]
    for one in found[-last:]:
        verdict = "right" if one.is_right else "wrong"
        lines.append(
            f"- #{one.number}: said {one.predicted:+.3f}, seen {one.seen:+.3f} "
            f"on {one.tasks} tasks: {verdict}"
        )
    return "\n".join(lines)
