"""Paired differences between two candidates, one number per independent cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agentlab.core.measured import is_absolute
from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import Reading, is_spending, readings

__all__ = [
    "Clusters",
    "Differences",
    "FloatArray",
    "Paired",
    "by_cluster",
    "improvements",
    "paired_differences",
    "paired_improvements",
    "paired_readings",
    "raw_differences",
    "scaled",
    "task_of",
]

FloatArray = NDArray[np.floating[Any]]


class Paired(NamedTuple):
    """One difference between two candidates."""

    cluster: str
    """What it is dependent on."""

    value: float
    task: str
    """What was done; an item of a batch stands for itself, with its cluster."""


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
    """Returns how much better the candidate is, in [-1, 1] per cluster; positive is better."""
    pairs = paired_improvements(candidate, incumbent, metric, lower_is_better=lower_is_better)
    return by_cluster((pair.cluster, pair.value) for pair in pairs)


def paired_improvements(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    lower_is_better: bool,
) -> Iterator[Paired]:
    """Yields how much better the candidate is on each pair; positive is better.

    `success`, `progress` and sums are compared as they are. Every other metric is compared by its
    symmetric relative difference `(a - b) / max(|a|, |b|)`, and what is spent only on pairs that
    both solve. All but sums are in [-1, 1].
    """
    sign = -1.0 if lower_is_better else 1.0
    paired = paired_readings(candidate, incumbent, metric, both_solved=is_spending(metric))
    return (
        Paired(mine.cluster, sign * scaled(metric, mine.value, theirs.value), task_of(mine))
        for mine, theirs in paired
    )


def scaled(metric: str, mine: float, theirs: float) -> float:
    """Returns the difference in the unit of the test, in [-1, 1].

    >>> scaled("success", 1.0, 0.5), scaled("steps", 8, 10)
    (0.5, -0.2)
    """
    if is_absolute(metric):
        return mine - theirs
    largest = max(abs(mine), abs(theirs))
    return max(-1.0, min(1.0, (mine - theirs) / largest)) if largest else 0.0


def raw_differences(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    both_solved: bool = False,
) -> Differences:
    """Returns candidate minus incumbent in the metric's own unit."""
    pairs = paired_differences(candidate, incumbent, metric, both_solved=both_solved)
    return by_cluster((pair.cluster, pair.value) for pair in pairs)


def paired_differences(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    both_solved: bool = False,
) -> Iterator[Paired]:
    """Yields candidate minus incumbent on each pair, in the metric's own unit."""
    paired = paired_readings(candidate, incumbent, metric, both_solved=both_solved)
    return (
        Paired(mine.cluster, mine.value - theirs.value, task_of(mine)) for mine, theirs in paired
    )


def by_cluster(values: Iterable[tuple[str, float]]) -> Differences:
    """Returns the mean of the values of each cluster, in order of first appearance.

    >>> by_cluster([("a", 1.0), ("a", 0.0), ("b", -1.0)]).clusters.tolist()
    [0.5, -1.0]
    """
    clusters = Clusters()
    clusters.add(values)
    return Differences(clusters.means, clusters.pairs)


class Clusters:
    """Means of clusters, in order of first appearance, added to block by block."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._sums: FloatArray = np.zeros(0)
        self._counts: FloatArray = np.zeros(0)
        self.pairs = 0
        """Values that went in."""

    def add(self, values: Iterable[tuple[str, float]]) -> int:
        """Takes values, each with its cluster.

        Returns:
            The place of the first cluster whose mean it changed; all means before it stand.
        """
        known = len(self._places)
        given = list(values)
        places = [self._places.setdefault(cluster, len(self._places)) for cluster, _ in given]
        grown = np.zeros(len(self._places) - known)
        self._sums = np.concatenate([self._sums, grown])
        self._counts = np.concatenate([self._counts, grown])
        np.add.at(self._sums, places, [value for _, value in given])
        np.add.at(self._counts, places, 1.0)
        self.pairs += len(given)
        return min(places, default=known)

    @property
    def means(self) -> FloatArray:
        """Mean of each cluster, shape (clusters,)."""
        return self._sums / self._counts


def paired_readings(
    candidate: Iterable[TrialRecord],
    incumbent: Iterable[TrialRecord],
    metric: str,
    *,
    both_solved: bool,
) -> Iterator[tuple[Reading, Reading]]:
    """Yields the candidate's and the incumbent's reading of each pair that both have."""
    theirs = {reading.unit: reading for record in incumbent for reading in readings(record, metric)}
    for record in candidate:
        for mine in readings(record, metric):
            other = theirs.get(mine.unit)
            if other is not None and (not both_solved or (mine.is_solved and other.is_solved)):
                yield mine, other


def task_of(reading: Reading) -> str:
    """Returns what was done; an item of a batch stands for itself, with its cluster."""
    task, _, _, item = reading.unit
    return reading.cluster if item else task
