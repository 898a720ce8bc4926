"""How much a metric varies though nobody changed the target, from records of one candidate.

Spreads are standard deviations of the difference between two trials, in the unit of the gate's
test (see `scaled`). What is spent is compared where both trials solve.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import is_spending, readings
from agentlab.measure.pairing import Differences, improvements, scaled

__all__ = [
    "Disagreement",
    "disagreements",
    "edited_spread",
    "floor_of",
    "mean_of",
    "pairing_of",
    "repeated_spread",
    "reseeded_spread",
    "values_of",
]

_TWO_SIDED = 1.96
"""Standard deviations within which 19 of 20 draws lie."""

_FEWEST = 4
"""Differences below which a spread says nothing."""

_MOST = 300
"""Values of which every two are compared."""


class Disagreement(NamedTuple):
    """One pair on which the same candidate gave two outcomes."""

    task: str
    seed: int
    metric: str
    first: float
    again: float


def values_of(records: Iterable[TrialRecord], metric: str) -> list[float]:
    """Returns every reading of a metric, of trials that do not solve as well."""
    return [reading.value for record in records for reading in readings(record, metric)]


def mean_of(records: Iterable[TrialRecord], metric: str) -> float:
    """Returns the mean of all readings; 0 without any."""
    values = values_of(records, metric)
    return sum(values) / len(values) if values else 0.0


def disagreements(
    first: Sequence[TrialRecord], again: Sequence[TrialRecord], metrics: Sequence[str]
) -> list[Disagreement]:
    """Returns where a repetition gave another outcome, one metric for each pair.

    Pairs of which a trial was not judged are left out: what a slow machine did to it (a timeout, a
    limit) is not the world's word.
    """
    found = []
    for one, other in zip(first, again, strict=True):
        if one.fate.is_judged and other.fate.is_judged:
            found += list(_differing(one, other, metrics))[:1]
    return found


def repeated_spread(
    first: Sequence[TrialRecord], again: Sequence[TrialRecord], metric: str
) -> float | None:
    """Returns the spread on one task and seed, of a candidate and its repetition."""
    # One unit of pairing: a repetition has no partner of its own.
    renamed = [record.model_copy(update={"repetition": 0}) for record in again]
    return _root_mean_square(_clusters(renamed, first, metric).clusters.tolist())


def edited_spread(
    target: Sequence[TrialRecord], edits: Iterable[Sequence[TrialRecord]], metric: str
) -> float | None:
    """Returns the spread around its mean between a target and edits of it, pooled over edits."""
    measured = (_clusters(edit, target, metric).clusters for edit in edits)
    found = [clusters for clusters in measured if clusters.size]
    squares = sum(float(np.square(clusters - clusters.mean()).sum()) for clusters in found)
    freedom = sum(clusters.size - 1 for clusters in found)
    return math.sqrt(squares / freedom) if freedom >= _FEWEST else None


def reseeded_spread(records: Sequence[TrialRecord], metric: str) -> float | None:
    """Returns the spread between two seeds of one task; of data without seeds, between clusters.

    Every two trials of a task are compared, so the mean difference is 0 by construction.
    """
    by_task: dict[str, list[float]] = {}
    for record in records:
        for value in _cluster_means(record, metric):
            by_task.setdefault(record.task, []).append(value)
    within = [d for values in by_task.values() for d in _all_differences(metric, values)]
    if len(within) >= _FEWEST:
        return _root_mean_square(within)
    pooled = [value for values in by_task.values() for value in values]
    return _root_mean_square(list(_all_differences(metric, pooled)))


def pairing_of(paired: float | None, unpaired: float | None) -> float | None:
    """Returns the share of the noise that pairing takes away, at most 1.

    >>> pairing_of(0.25, 0.5), pairing_of(0.0, 0.5), pairing_of(None, 0.5)
    (0.75, 1.0, None)
    """
    if paired is None or not unpaired:
        return None
    return max(-1.0, 1.0 - (paired / unpaired) ** 2)


def floor_of(spread: float | None, clusters: int) -> float | None:
    """Returns how far apart two measurements of the same lie, each over so many clusters.

    >>> floor_of(0.5, 100)
    0.098
    """
    if spread is None or clusters < 1:
        return None
    return round(_TWO_SIDED * spread / math.sqrt(clusters), 12)


def _clusters(
    candidate: Iterable[TrialRecord], incumbent: Iterable[TrialRecord], metric: str
) -> Differences:
    # A spread has no direction.
    return improvements(candidate, incumbent, metric, lower_is_better=False)


def _cluster_means(record: TrialRecord, metric: str) -> Iterator[float]:
    clusters: dict[str, list[float]] = {}
    for reading in readings(record, metric):
        if reading.is_solved or not is_spending(metric):
            clusters.setdefault(reading.cluster, []).append(reading.value)
    return (sum(values) / len(values) for values in clusters.values())


def _all_differences(metric: str, values: Sequence[float]) -> Iterator[float]:
    pairs = itertools.combinations(values[:_MOST], 2)
    return (scaled(metric, one, other) for one, other in pairs)


def _root_mean_square(differences: Sequence[float]) -> float | None:
    if len(differences) < _FEWEST:
        return None
    return math.sqrt(float(np.mean(np.square(differences))))


def _differing(
    one: TrialRecord, other: TrialRecord, metrics: Sequence[str]
) -> Iterator[Disagreement]:
    for metric in metrics:
        theirs = {reading.unit[-1]: reading.value for reading in readings(other, metric)}
        for mine in readings(one, metric):
            again = theirs.get(mine.unit[-1])
            if again is not None and again != mine.value:
                yield Disagreement(one.task, one.seed, metric, mine.value, again)
