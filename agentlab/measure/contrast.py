"""What a test compares: numbers above 0 where it is as it should be, and how far below they may go.

Each contrast turns a block of records into one number per pair, or per trial, whose mean a tally
tests. `scale` is the most that such a number may be below 0: bets are made in parts of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

from agentlab.core.bound import Bound
from agentlab.core.formula import Formula, composite
from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import Reading, is_spending, readings
from agentlab.measure.pairing import Paired, paired_improvements, paired_readings, task_of
from agentlab.measure.span import Span

__all__ = ["Contrast", "contrast_of_bound", "contrast_of_metric"]

Records = Sequence[TrialRecord]


class Contrast(Protocol):
    """Grows block by block with what it has seen."""

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        """Returns the numbers of one more block, each with its cluster and task."""
        ...

    @property
    def scale(self) -> float:
        """The most that a number may be below 0, above 0; it never falls."""
        ...


def contrast_of_metric(metric: str, *, lower_is_better: bool) -> Contrast:
    """Returns how much better a candidate is than the incumbent."""
    formula = composite(metric)
    if formula is None:
        return _Improvement(metric, lower_is_better)
    return _FormulaImprovement(metric, formula, lower_is_better)


def contrast_of_bound(bound: Bound) -> Contrast:
    """Returns by how much a candidate stays within a bound."""
    if bound.quantile is not None:
        return _Quantile(bound, 1.0 - bound.quantile / 100)
    return _Multiple(bound) if bound.is_relative else _Limit(bound)


class _Improvement:
    """Of a metric, in [-1, 1]."""

    scale = 1.0

    def __init__(self, metric: str, lower_is_better: bool) -> None:
        self._metric, self._lower = metric, lower_is_better

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        return list(
            paired_improvements(candidate, incumbent, self._metric, lower_is_better=self._lower)
        )


class _FormulaImprovement:
    """Of a sum, in its own unit; it changes by no more than its parts may together."""

    def __init__(self, metric: str, formula: Formula, lower_is_better: bool) -> None:
        self._improvement = _Improvement(metric, lower_is_better)
        self._parts = [(abs(weight), Span(part)) for weight, part in formula.terms]

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        for _, span in self._parts:
            span.add((*candidate, *incumbent))
        return self._improvement.read(candidate, incumbent)

    @property
    def scale(self) -> float:
        return sum(weight * (span.high - span.low) for weight, span in self._parts) or 1.0


class _Limit:
    """The candidate's mean against a number; over all its trials, whoever solves them."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._sign = 1.0 if bound.operator == ">=" else -1.0
        self._span = Span(bound.metric, at_least=bound.limit)

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        self._span.add((*candidate, *incumbent))
        limit = self._bound.limit
        return [
            Paired(reading.cluster, self._sign * (reading.value - limit), task_of(reading))
            for reading in _all_readings(candidate, self._bound)
        ]

    @property
    def scale(self) -> float:
        limit, span = self._bound.limit, self._span
        worst = limit - span.low if self._bound.operator == ">=" else span.high - limit
        return worst if worst > 0 else 1.0


class _Multiple:
    """The candidate's mean against so many times the incumbent's.

    `mean(c) <= f * mean(i)` is `mean(f * i - c) >= 0`, a mean over pairs: no ratio of what is near
    0, and large tasks count as what they are. What is spent is compared where both solve.
    """

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._sign = 1.0 if bound.operator == ">=" else -1.0
        self._span = Span(bound.metric)

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        self._span.add((*candidate, *incumbent))
        metric, times = self._bound.metric, self._bound.limit
        paired = paired_readings(candidate, incumbent, metric, both_solved=is_spending(metric))
        return [
            Paired(mine.cluster, self._sign * (mine.value - times * theirs.value), task_of(mine))
            for mine, theirs in paired
        ]

    @property
    def scale(self) -> float:
        times, low, high = self._bound.limit, self._span.low, self._span.high
        worst = times * high - low if self._bound.operator == ">=" else high - times * low
        return worst if worst > 0 else 1.0


class _Quantile:
    """The share of the candidate's trials beyond a limit against the share that may be.

    A percentile is within a limit where no more than the rest is beyond: `p95 <= 10` where at most
    5 % of the trials come to more than 10. A share is a mean of zeros and ones, so that no value,
    however large, can upset it.
    """

    def __init__(self, bound: Bound, allowed: float) -> None:
        self._bound = bound
        self._allowed = allowed
        self.scale = 1.0 - allowed

    def read(self, candidate: Records, incumbent: Records) -> list[Paired]:
        return [
            Paired(
                reading.cluster, self._allowed - self._is_beyond(reading.value), task_of(reading)
            )
            for reading in _all_readings(candidate, self._bound)
        ]

    def _is_beyond(self, value: float) -> bool:
        limit = self._bound.limit
        return value > limit if self._bound.operator == "<=" else value < limit


def _all_readings(records: Records, bound: Bound) -> Iterator[Reading]:
    """Yields a value for each trial, also where nothing was judged: to crash is to be beyond."""
    for record in records:
        found = list(readings(record, bound.metric))
        if not found and record.fate.counts and record.outcome is None:
            unit = (record.task, record.seed, record.repetition, "")
            if bound.operator == ">=":
                found = [Reading(unit, record.cluster, 0.0, is_solved=False)]
            elif bound.quantile is not None:
                found = [Reading(unit, record.cluster, math.inf, is_solved=False)]
        yield from found
