"""Scores of a candidate, and of a winner against a baseline, with intervals over clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.core.decision import Estimate
from agentlab.core.environment import Traits
from agentlab.core.formula import composite
from agentlab.core.result import Scores
from agentlab.core.trial import TrialRecord
from agentlab.measure.intervals import (
    mean_interval,
    paired_share_interval,
    ratio_interval,
    share_interval,
)
from agentlab.measure.metrics import readings
from agentlab.measure.pairing import FloatArray, by_cluster, raw_differences

__all__ = [
    "CONTEXT_PER_SOLVED",
    "difference_interval",
    "differences",
    "reported_metrics",
    "score",
    "scores",
]

CONTEXT_PER_SOLVED = "context_tokens_per_solved"
"""All context spent over all trials, divided by the number of trials solved."""


def reported_metrics(traits: Traits, also: Sequence[str] = ()) -> tuple[str, ...]:
    """Returns the metrics that a report of this world shows, in their order.

    Args:
        traits: Its metrics.
        also: What the objective is about: sums come first, and what else is new comes last.
    """
    names = [*filter(composite, also), "success"]
    if traits.context_meter != "none":
        names.append("context_tokens")
    if traits.cost_kind != "none":
        names.append("cost_usd")
    return tuple(dict.fromkeys((*names, "steps", *(own.name for own in traits.metrics), *also)))


def scores(records: Sequence[TrialRecord], traits: Traits, *, also: Sequence[str] = ()) -> Scores:
    """Returns the mean of every reported metric; a metric that no trial has is left out."""
    found: Scores = {}
    for metric in reported_metrics(traits, also):
        if mean := score(records, metric):
            found[metric] = mean
    if traits.context_meter != "none" and (ratio := _context_per_solved(records)):
        found[CONTEXT_PER_SOLVED] = ratio
    return found


def score(records: Sequence[TrialRecord], metric: str) -> Estimate | None:
    """Returns the mean of one metric, or None where no trial has it."""
    clusters = by_cluster(
        (reading.cluster, reading.value)
        for record in records
        for reading in readings(record, metric)
    ).clusters
    if not clusters.size:
        return None
    return (share_interval if metric == "success" else mean_interval)(clusters)


def differences(
    candidate: Sequence[TrialRecord],
    baseline: Sequence[TrialRecord],
    traits: Traits,
    *,
    both_solved: bool = False,
    also: Sequence[str] = (),
) -> Scores:
    """Returns candidate minus baseline, paired, in each metric's own unit.

    Where both are the same trials nothing differs, and nothing is uncertain about it.
    """
    are_same = candidate == baseline
    found: Scores = {}
    for metric in reported_metrics(traits, also):
        clusters = raw_differences(candidate, baseline, metric, both_solved=both_solved).clusters
        if not clusters.size:
            continue
        if are_same:
            found[metric] = Estimate(estimate=0, low=0, high=0)
        else:
            found[metric] = difference_interval(metric, clusters)
    return found


def difference_interval(metric: str, clusters: FloatArray) -> Estimate:
    """Returns the mean difference of a metric over clusters, with its interval."""
    return (paired_share_interval if metric == "success" else mean_interval)(clusters)


def _context_per_solved(records: Sequence[TrialRecord]) -> Estimate | None:
    totals: dict[str, tuple[float, float]] = {}
    for record in records:
        if record.fate.counts:
            context, solved = totals.get(record.cluster, (0.0, 0.0))
            totals[record.cluster] = (
                context + record.usage.context_tokens,
                solved + (record.success >= 1),
            )
    if not totals:
        return None
    array = np.array(list(totals.values()))
    return ratio_interval(array[:, 0], array[:, 1])
