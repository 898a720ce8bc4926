"""One number of a trial: a metric, or a weighted sum of them."""

from __future__ import annotations

from agentlab.core.formula import composite
from agentlab.core.outcome import ItemOutcome
from agentlab.core.spending import SPENDING
from agentlab.core.trial import TrialRecord

__all__ = ["is_absolute", "measured"]


def is_absolute(metric: str) -> bool:
    """Returns whether it is compared by its plain difference; all else relatively."""
    return metric in ("success", "progress") or composite(metric) is not None


def measured(record: TrialRecord, metric: str, item: ItemOutcome | None = None) -> float | None:
    """Returns a number of a trial, or of one of its items; None where it was not measured.

    A trial that was not judged has success and progress 0, and no value for the environment's own
    metrics. In a sum these count 0 then, so that to crash is not to be left out; each item of a
    batch counts what the whole trial spent.
    """
    formula = composite(metric)
    if formula is None:
        return _single(record, metric, item)

    def part(name: str) -> float | None:
        value = _single(record, name, item)
        return 0.0 if value is None and record.outcome is None else value

    return formula.value(part)


def _single(record: TrialRecord, metric: str, item: ItemOutcome | None) -> float | None:
    if metric in SPENDING:
        return float(getattr(record.usage, metric))
    if metric == "success":
        return item.success if item else record.success
    own = item.metrics if item else record.outcome.metrics if record.outcome else {}
    if metric == "progress" and metric not in own:
        return record.outcome.progress if record.outcome else 0.0
    return own.get(metric)
