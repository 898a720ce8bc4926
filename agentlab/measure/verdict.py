"""One sentence that says what a run found, on the sealed test."""

from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.objective import Objective
from agentlab.core.result import Detectable, SplitScores
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
        return f"nothing kept: no proposal was shown to improve {metric}{_seen(detectable)}"
    before, after = baseline.test.get(metric), winner.test.get(metric)
    change = difference.test.get(metric)
    if before is None or after is None or change is None:
        return f"{kept} kept, but {metric} could not be measured on the test"
    figures = (
        f"{metric} {_number(before)} -> {_number(after)} on the sealed test ({_signed(change)})"
    )
    if is_spending(metric) and (among := solved_by_both.test.get(metric)) is not None:
        figures += f", where both solve {_signed(among)}"
    gain, worst, best = _oriented(change, objective.direction)
    if worst > 0:
        return f"improved: {figures}"
    if best < 0:
        return f"worse than the baseline: {figures}"
    direction = "in favour" if gain > 0 else "against"
    return f"not confirmed: {figures}; the interval holds 0, the estimate is {direction}"


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
