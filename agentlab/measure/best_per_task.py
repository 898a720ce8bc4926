"""What each candidate made of each task, and what the best for each task would make of all.

The best score of a task over many candidates is mostly luck: with few trials each, some candidate
has solved whatever can be solved at all. So the best is chosen on one half of the seeds and
measured on the other, and the other way round (Stone, "Cross-validatory choice and assessment of
statistical predictions", Journal of the Royal Statistical Society B 1974). On average that is never
above what the truly best would reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from agentlab.core.ceiling import Unsolved
from agentlab.core.decision import Estimate
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.trial import TrialRecord
from agentlab.measure.intervals import mean_interval, share_interval
from agentlab.measure.metrics import readings

__all__ = ["BestPerTask", "TaskScores", "best_per_task"]

_PRIOR = 2.0
"""Trials that a candidate's mean over all tasks counts for in the choice for one of them."""
_FEWEST = 4
_ALPHA = 0.05
_OF_FIXED = 30
"""Trials without any success, where there are no seeds to be lucky with."""


class BestPerTask(NamedTuple):
    """What the best candidate for each task would make of them."""

    success: Estimate
    lead: Estimate
    """Over one candidate, on the same seeds."""


class _Half(NamedTuple):
    total: float = 0.0
    trials: int = 0

    def add(self, success: float) -> _Half:
        return _Half(self.total + success, self.trials + 1)

    @property
    def mean(self) -> float:
        return self.total / self.trials


_Halves = tuple[_Half, _Half]
_Unit = tuple[SplitName, str]


def _whole_mean(halves: _Halves) -> float:
    return sum(half.total for half in halves) / sum(half.trials for half in halves)


class TaskScores:
    """Success by task and candidate, in two halves that have no seed in common."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._scores: dict[_Unit, dict[str, _Halves]] = {}
        self._solved: dict[_Unit, dict[int, bool]] = {}

    def add(self, records: Iterable[TrialRecord]) -> None:
        """Takes trials of train and validation, each once; of the test it takes none."""
        for record in records:
            split = record.split
            if record.kind != "solve" or split is None or split == "test":
                continue
            if record.key in self._seen:
                continue
            self._seen.add(record.key)
            half = record.seed // len(SPLITS) % 2
            for reading in readings(record, "success"):
                item = reading.unit[-1]
                unit = (split, item or record.task)
                seeds = self._solved.setdefault(unit, {})
                seeds[record.seed] = seeds.get(record.seed, False) or reading.value > 0
                task = self._scores.setdefault(unit, {})
                halves = list(task.get(record.candidate, (_Half(), _Half())))
                halves[half] = halves[half].add(reading.value)
                task[record.candidate] = (halves[0], halves[1])

    @property
    def by_task(self) -> Mapping[_Unit, Mapping[str, _Halves]]:
        """The halves of each candidate by split and task."""
        return self._scores

    @property
    def tasks(self) -> int:
        """Tasks, or items of batches, that were tried."""
        return len(self._scores)

    @property
    def unsolved(self) -> tuple[Unsolved, ...]:
        """Tasks on which nothing had any success.

        Of the others, some candidate solves a share of the seeds. If a task without success were
        like them, all of its seeds would go wrong with (1 - share)^seeds; where that is rare among
        all tasks, it was never solved.
        """
        others = [
            is_solved
            for seeds in self._solved.values()
            if any(seeds.values())
            for is_solved in seeds.values()
        ]
        wrong = 1 - sum(others) / (len(others) + 1)
        is_fixed = not any(seed for seeds in self._solved.values() for seed in seeds)
        found = []
        for (split, task), seeds in sorted(self._solved.items()):
            if any(seeds.values()):
                continue
            halves = [half for both in self._scores[split, task].values() for half in both]
            trials = sum(half.trials for half in halves)
            by_luck = self.tasks * wrong ** len(seeds)
            is_never = trials >= _OF_FIXED if is_fixed else by_luck <= _ALPHA
            found.append(
                Unsolved(task=task, split=split, trials=trials, seeds=len(seeds), is_never=is_never)
            )
        return tuple(found)

    @property
    def highest(self) -> float | None:
        """Mean over tasks of the best candidate's score as it came; None where none was tried."""
        best = [max(map(_whole_mean, task.values())) for task in self._scores.values()]
        return sum(best) / len(best) if best else None


def best_per_task(scores: TaskScores, over: str) -> BestPerTask | None:
    """Returns what the best candidate for each task would make of them, without luck in the choice.

    Only tasks count on which the candidate to compare with has both halves; None with fewer than
    four of them, which have no interval worth the name.

    Args:
        scores: Of all candidates.
        over: Digest of the candidate to compare with.
    """
    overall = _overall(scores)
    success, lead = [], []
    for task in scores.by_task.values():
        whole = {c: halves for c, halves in task.items() if all(half.trials for half in halves)}
        if over in whole:
            found = [_chosen_on(half, whole, overall) for half in (0, 1)]
            theirs = [whole[over][1 - half].mean for half in (0, 1)]
            success.append(sum(found) / 2)
            lead.append(sum(found) / 2 - sum(theirs) / 2)
    if len(lead) < _FEWEST:
        return None
    return BestPerTask(share_interval(np.array(success)), mean_interval(np.array(lead)))


def _chosen_on(
    half: int, task: Mapping[str, _Halves], overall: Mapping[tuple[str, int], float]
) -> float:
    """Returns the score, on the other half, of the candidate that is best on this one."""

    def promise(candidate: str) -> float:
        mine = task[candidate][half]
        prior = overall[candidate, half]
        return (mine.total + _PRIOR * prior) / (mine.trials + _PRIOR)

    return task[max(task, key=promise)][1 - half].mean


def _overall(scores: TaskScores) -> dict[tuple[str, int], float]:
    """Returns each candidate's mean on one half of the seeds, over all its tasks."""
    totals: dict[tuple[str, int], _Half] = {}
    for candidate, half, part in _parts(scores):
        before = totals.get((candidate, half), _Half())
        totals[candidate, half] = _Half(before.total + part.total, before.trials + part.trials)
    return {key: total.mean for key, total in totals.items() if total.trials}


def _parts(scores: TaskScores) -> Iterator[tuple[str, int, _Half]]:
    for task in scores.by_task.values():
        for candidate, halves in task.items():
            for half, part in enumerate(halves):
                yield candidate, half, part
