"""Paired differences between two candidates, one number per independent cluster."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import Reading, is_spending, readings

__all__ = ["Differences", "FloatArray", "by_cluster", "improvements", "raw_differences"]

FloatArray = NDArray[np.floating[Any]]


class Differences(NamedTuple):
    """Candidate against incumbent on the pairs that both have."""

    clusters: FloatArray
    """Mean difference per cluster, shape (clusters,)."""

    pairs: int
    """Pairs that went into them."""


def improvements(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    lower_is_better: bool,
) -> Differences:
    """Returns how much better the candidate is, in [-1, 1] per cluster; positive is better.

    `success` is compared as it is. Every other metric is compared by its symmetric relative
    difference `(a - b) / max(|a|, |b|)`, and what is spent only on pairs that both solve.
    """
    sign = -1.0 if lower_is_better else 1.0
    scale = _absolute if metric == "success" else _relative
    paired = _paired(candidate, incumbent, metric, both_solved=is_spending(metric))
    return by_cluster(
        (mine.cluster, sign * scale(mine.value, theirs.value)) for mine, theirs in paired
    )


def raw_differences(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    both_solved: bool = False,
) -> Differences:
    """Returns candidate minus incumbent in the metric's own unit."""
    paired = _paired(candidate, incumbent, metric, both_solved=both_solved)
    return by_cluster((mine.cluster, mine.value - theirs.value) for mine, theirs in paired)


def by_cluster(values: Iterable[tuple[str, float]]) -> Differences:
    """Returns the mean of the values of each cluster, in order of first appearance.

    >>> by_cluster([("a", 1.0), ("a", 0.0), ("b", -1.0)]).clusters.tolist()
    [0.5, -1.0]
    """
    groups: dict[str, list[float]] = {}
    for cluster, value in values:
        groups.setdefault(cluster, []).append(value)
    means = np.array([sum(group) / len(group) for group in groups.values()], dtype=float)
    return Differences(means, sum(len(group) for group in groups.values()))


def _paired(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    both_solved: bool,
) -> Iterable[tuple[Reading, Reading]]:
    theirs = {reading.unit: reading for record in incumbent for reading in readings(record, metric)}
    for record in candidate:
        for mine in readings(record, metric):
            other = theirs.get(mine.unit)
            if other is not None and (not both_solved or (mine.is_solved and other.is_solved)):
                yield mine, other


def _absolute(mine: float, theirs: float) -> float:
    return mine - theirs


def _relative(mine: float, theirs: float) -> float:
    largest = max(abs(mine), abs(theirs))
    return max(-1.0, min(1.0, (mine - theirs) / largest)) if largest else 0.0
