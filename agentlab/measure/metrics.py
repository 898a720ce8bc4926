"""Reading a metric off a trial: of the whole trial, or of each item where it holds a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agentlab.core.environment import Traits
from agentlab.core.formula import composite
from agentlab.core.measured import measured
from agentlab.core.spending import SPENDING
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError, nearest

__all__ = [
    "COMMON_METRICS",
    "Reading",
    "is_spending",
    "lower_is_better",
    "readings",
    "require_metric",
    "undeclared",
]

COMMON_METRICS = ("success", "progress", *SPENDING)
"""What every environment has; its own metrics come beside. Progress is there where it grades."""


class Reading(NamedTuple):
    """One number of one unit of pairing."""

    unit: tuple[str, int, int, str]
    """Task, seed, repetition, item: what pairs this number with the other candidate's."""

    cluster: str
    value: float
    is_solved: bool


def is_spending(metric: str) -> bool:
    """Returns whether a metric is something spent, comparable only where both candidates solve."""
    return metric in SPENDING


def lower_is_better(metric: str, traits: Traits) -> bool:
    """Returns the direction of a metric as the environment declares it."""
    declared = {own.name: own.direction for own in traits.metrics}
    return is_spending(metric) or declared.get(metric) == "lower"


def require_metric(metric: str, traits: Traits, where: str) -> None:
    """Checks that an environment reports a metric.

    Raises:
        InputError: it does not; the message names the nearest and all that there are.
    """
    known = list(dict.fromkeys((*COMMON_METRICS, *(own.name for own in traits.metrics))))
    if (formula := composite(metric)) is not None and metric not in known:
        for part in formula.metrics:
            require_metric(part, traits, where)
        return
    if metric not in known:
        raise InputError(
            f"{where}: no metric '{metric}' here{nearest(metric, known)} "
            f"(there are {', '.join(known)}); an environment that reports one declares it in "
            f"traits.metrics: Metric(name='{metric}', direction='higher' or 'lower')"
        )
    if metric == "context_tokens" and traits.context_meter == "none":
        raise InputError(
            f"{where}: this environment has no context meter, so '{metric}' is always 0"
        )
    if metric == "cost_usd" and traits.cost_kind == "none":
        raise InputError(f"{where}: this environment has no cost, so '{metric}' is always 0")


def undeclared(records: Iterable[TrialRecord], traits: Traits) -> tuple[str, ...]:
    """Returns the metrics that trials or their items report and the traits do not declare.

    Nothing reads these: which way of them is better is not known.
    """
    known = {*COMMON_METRICS, *(own.name for own in traits.metrics)}
    outcomes = [record.outcome for record in records if record.outcome is not None]
    parts = [outcome.metrics for outcome in outcomes]
    parts += [item.metrics for outcome in outcomes for item in outcome.items]
    return tuple(dict.fromkeys(name for part in parts for name in part if name not in known))


def readings(record: TrialRecord, metric: str) -> Iterator[Reading]:
    """Yields the metric's value for the trial, or for each of its items; nothing if unmeasured.

    A trial that was not judged has success 0 and no value for the environment's own metrics, which
    count 0 in a sum.
    """
    if not record.fate.counts:
        return
    unit = (record.task, record.seed, record.repetition)
    items = () if is_spending(metric) else record.items
    for item in items:
        value = measured(record, metric, item)
        if value is not None:
            yield Reading((*unit, item.id), item.cluster, value, item.success >= 1)
    if not items and (value := measured(record, metric)) is not None:
        yield Reading((*unit, ""), record.cluster, value, record.success >= 1)
