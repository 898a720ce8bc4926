"""What a candidate won and lost, task by task, beside the incumbent on the same seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from agentlab.core.measured import measured
from agentlab.core.objective import Objective
from agentlab.core.spending import SPENDING
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.report.escape import one_line
from agentlab.report.format import count, figure

__all__ = ["Changes", "TaskChange", "change_words", "changes_of", "splits_told"]

_SHOWN = 3
_ROUNDING = 1e-12
"""Means nearer than this are the same, summed in another order."""


class TaskChange(NamedTuple):
    """A task on which a candidate did otherwise than the incumbent."""

    task: str
    """As the environment calls it; of a batch, the cluster of the items."""

    before: float
    """The incumbent's mean."""

    after: float
    pairs: int


class Changes(NamedTuple):
    """All tasks that changed in one metric, the most changed first."""

    metric: str
    gains: tuple[TaskChange, ...]
    losses: tuple[TaskChange, ...]


def changes_of(
    candidate: Sequence[TrialRecord], incumbent: Sequence[TrialRecord], objective: Objective
) -> tuple[Changes, ...]:
    """Returns what changed in each aim of the objective, and in success, if anything did.

    The sealed test is left out, and validation where the rule keeps it hidden. What is spent is
    compared where both solve.
    """
    aims: dict[str, Literal["higher", "lower"]] = {objective.metric: objective.direction}
    if objective.then is not None:
        aims[objective.then.metric] = objective.then.direction
    aims.setdefault("success", "higher")
    pairs = list(_pairs(candidate, incumbent, splits_told(objective)))
    found = (_changes(pairs, metric, is_up=way == "higher") for metric, way in aims.items())
    return tuple(changes for changes in found if changes.gains or changes.losses)


def splits_told(objective: Objective) -> tuple[SplitName, ...]:
    """Returns the splits of which more is told than the verdict."""
    return ("train",) if objective.rule.name == "gate" else ("train", "validation")


def change_words(changes: Changes) -> str:
    """Returns the largest gains and losses in one line, harmless in a terminal.

    >>> change_words(Changes("success", (TaskChange("a", 0.2, 0.8, 10),), ()))
    '+ a 0.20 -> 0.80'
    """
    told = [f"+ {_words(change)}" for change in changes.gains[:_SHOWN]]
    told += [f"- {_words(change)}" for change in changes.losses[:_SHOWN]]
    left = len(changes.gains) + len(changes.losses) - len(told)
    return ", ".join(told) + (f", and {count(left)} more" if left else "")


def _words(change: TaskChange) -> str:
    largest = max(abs(change.before), abs(change.after))
    places = 2 if largest < 10 else 1 if largest < 100 else 0
    before, after = figure(change.before, places), figure(change.after, places)
    return f"{one_line(change.task, limit=60)} {before} -> {after}"


def _pairs(
    candidate: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    splits: Sequence[SplitName],
) -> Iterator[tuple[TrialRecord, TrialRecord]]:
    others = {_unit(record): record for record in incumbent if record.fate.counts}
    for record in candidate:
        other = others.get(_unit(record))
        if record.split in splits and record.fate.counts and other is not None:
            yield record, other


def _changes(
    pairs: Sequence[tuple[TrialRecord, TrialRecord]], metric: str, *, is_up: bool
) -> Changes:
    by_task: dict[str, list[tuple[float, float]]] = {}
    for mine, other in pairs:
        for task, value, theirs in _values(mine, other, metric):
            by_task.setdefault(task, []).append((value, theirs))
    changed = []
    for task, values in by_task.items():
        after, before = (sum(side) / len(values) for side in zip(*values, strict=True))
        if abs(after - before) > _ROUNDING:
            changed.append(TaskChange(task, before, after, len(values)))
    changed.sort(key=lambda change: (-abs(change.after - change.before), change.task))
    return Changes(
        metric,
        tuple(change for change in changed if (change.after > change.before) == is_up),
        tuple(change for change in changed if (change.after > change.before) != is_up),
    )


def _values(
    mine: TrialRecord, other: TrialRecord, metric: str
) -> Iterator[tuple[str, float, float]]:
    """Yields a task with the values of both: one for a trial, or one for each item of a batch."""
    if metric in SPENDING and (mine.success < 1 or other.success < 1):
        return
    items = {item.id: item for item in other.items} if metric not in SPENDING else {}
    for item in mine.items if items else ():
        twin = items.get(item.id)
        value = measured(mine, metric, item)
        theirs = measured(other, metric, twin) if twin else None
        if value is not None and theirs is not None:
            yield item.cluster, value, theirs
    if not items:
        value, theirs = measured(mine, metric), measured(other, metric)
        if value is not None and theirs is not None:
            yield mine.task, value, theirs


def _unit(record: TrialRecord) -> tuple[str, SplitName | None, int, int]:
    return record.task, record.split, record.seed, record.repetition
