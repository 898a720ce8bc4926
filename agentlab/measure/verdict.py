"""One sentence that says what a run found, on the sealed test."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.core.decision import Estimate
from agentlab.core.measured import is_absolute
from agentlab.core.objective import Objective
from agentlab.core.result import Detectable, SplitScores
from agentlab.core.spending import less_words
from agentlab.measure.metrics import is_spending

__all__ = ["verdict_of"]


def verdict_of(
    objective: Objective,
    *,
    kept: int,
    baseline: SplitScores,
    winner: SplitScores,
    difference: SplitScores,
    solved_by_both: SplitScores,
    detectable: Detectable | None = None,
) -> str:
    """Returns the finding: improved, not confirmed, worse, or nothing kept.

    Of something spent it also says what became of it where both solve, since to give up sooner on
    what one cannot do saves, too, and is something else.
    """
    metric = objective.metric
    if kept == 0:
        aims = metric if objective.then is None else f"{metric} or {objective.then.metric}"
        return f"nothing kept: no proposal was shown to improve {aims}{_seen(detectable)}"
    sides = (baseline, winner, difference, solved_by_both)
    first = _change(metric, objective.direction, sides)
    if first is None:
        return f"{kept} kept, but {metric} could not be measured on the test"
    then = objective.then
    second = _change(then.metric, then.direction, sides) if then else None
    if first.worst > 0:
        return f"improved: {first.figures}"
    if then is not None and second is not None and second.worst > 0:
        lost = then.margin if is_absolute(metric) else then.margin * abs(first.before)
        if first.worst >= -lost:
            saved = f"{second.less}: " if second.less else ""
            return f"improved: same {metric}, {saved}{second.figures}; {first.figures}"
    if first.best < 0:
        return f"worse than the baseline: {first.figures}"
    direction = "in favour" if first.gain > 0 else "against"
    beside = f"; {second.figures}" if second else ""
    return (
        f"not confirmed: {first.figures}; the interval holds 0, the estimate is {direction}{beside}"
    )


class _Change(NamedTuple):
    """What became of a metric; higher is better whatever its direction."""

    figures: str
    before: float
    gain: float
    worst: float
    best: float
    less: str = ""
    """How much less was spent, in words; empty where it is nothing spent."""


def _change(
    metric: str,
    direction: str,
    sides: tuple[SplitScores, SplitScores, SplitScores, SplitScores],
) -> _Change | None:
    before, after, change, among = (side.test.get(metric) for side in sides)
    if before is None or after is None or change is None:
        return None
    figures = (
        f"{metric} {_number(before)} -> {_number(after)} on the sealed test ({_signed(change)})"
    )
    if is_spending(metric) and among is not None:
        figures += f", where both solve {_signed(among)}"
    less = ""
    if is_spending(metric) and before.estimate:
        less = less_words(metric, -change.estimate / before.estimate)
    return _Change(figures, before.estimate, *_oriented(change, direction), less)


def _oriented(change: Estimate, direction: str) -> tuple[float, float, float]:
    """Returns estimate, worst and best end, so that higher is better."""
    if direction == "higher":
        return change.estimate, change.low, change.high
    return -change.estimate, -change.high, -change.low


def _seen(detectable: Detectable | None) -> str:
    if detectable is None or detectable.improvement is None:
        return ""
    least = detectable.improvement
    shown = f"{least * 100:.2g} %" if detectable.is_relative else f"{least:+.2g}"
    return f"; at the gate {shown} or more would have shown, four times out of five"


def _number(estimate: Estimate) -> str:
    return f"{estimate.estimate:.3g}"


def _signed(change: Estimate) -> str:
    if change.low == change.high == 0:
        return "no difference"
    return f"{change.estimate:+.3g}, 95 % interval {change.low:+.3g} to {change.high:+.3g}"
