"""What was shown of a candidate, as a person would say it: `same success, 40 % fewer steps`."""

from __future__ import annotations

from agentlab.core.objective import Guard
from agentlab.core.spending import less_words
from agentlab.measure.evidence import Evidence
from agentlab.measure.metrics import is_spending

__all__ = ["gain_words"]


def gain_words(evidence: Evidence) -> str:
    """Returns what got better, and what stayed the same where that was asked and shown."""
    metric = evidence.objective.metric
    better = f"better in {metric}"
    if is_spending(metric):
        better = less_words(metric, evidence.gain.mean)
    same = _stayed(evidence)
    return f"same {same}, {better}" if same else better


def _stayed(evidence: Evidence) -> str | None:
    """Returns the metric that may be called the same: a guard asks for it, and it holds."""
    asked = evidence.first.metric if evidence.first else "success"
    for guard, tally in evidence.guards.items():
        is_about_both = isinstance(guard, Guard) or guard.is_relative
        if guard.metric == asked and is_about_both and tally.holds:
            return asked if evidence.first or is_spending(evidence.objective.metric) else None
    return None
