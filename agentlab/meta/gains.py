"""What a proposal gained on train tasks, as far as a meta-agent may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agentlab.core.measured import is_absolute, measured
from agentlab.core.meta_agent import Lab
from agentlab.core.objective import Objective
from agentlab.core.spending import SPENDING
from agentlab.core.trial import TrialRecord

__all__ = ["Gain", "gain", "gain_by_task"]


class Gain(NamedTuple):
    """Mean differences of one candidate to another on the train pairs of both; higher is better."""

    success: float
    progress: float
    """In graded progress, which may move where success does not; where there is none, success."""

    objective: float
    """In the objective's metric, in [-1, 1]: relative unless it is success, progress or a sum, and
    what is spent only where both solve. Where nothing changed in it, in the metric that comes
    after it."""

    pairs: int

    @property
    def is_harmful(self) -> bool:
        """Whether success or progress was lost."""
        return self.success < 0 or self.progress < 0


def gain(lab: Lab, candidate: str, over: str) -> Gain:
    """Returns what a candidate gained over another; all zeros where no pair is common to both."""
    return _mean(lab, list(_pairs(lab, candidate, over)))


def gain_by_task(lab: Lab, candidate: str, over: str) -> dict[str, Gain]:
    """Returns the gain on each train task that both were measured on."""
    by_task: dict[str, list[tuple[TrialRecord, TrialRecord]]] = {}
    for mine, other in _pairs(lab, candidate, over):
        by_task.setdefault(mine.task, []).append((mine, other))
    return {task: _mean(lab, pairs) for task, pairs in by_task.items()}


def _pairs(lab: Lab, candidate: str, over: str) -> Iterator[tuple[TrialRecord, TrialRecord]]:
    theirs: Mapping[tuple[str, int, int], TrialRecord] = {
        _unit(record): record for record in lab.train_records(over) if record.fate.counts
    }
    for record in lab.train_records(candidate):
        if record.fate.counts and _unit(record) in theirs:
            yield record, theirs[_unit(record)]


def _mean(lab: Lab, pairs: list[tuple[TrialRecord, TrialRecord]]) -> Gain:
    if not pairs:
        return Gain(0.0, 0.0, 0.0, 0)
    success = sum(mine.success - other.success for mine, other in pairs) / len(pairs)
    progress = sum(_progress(mine) - _progress(other) for mine, other in pairs) / len(pairs)
    objective = _objective(lab.objective, pairs)
    if not objective and lab.objective.second is not None:
        objective = _objective(lab.objective.second, pairs)
    return Gain(success, progress, objective, len(pairs))


def _objective(objective: Objective, pairs: list[tuple[TrialRecord, TrialRecord]]) -> float:
    found = (_change(objective.metric, mine, other) for mine, other in pairs)
    changes = [change for change in found if change is not None]
    sign = 1.0 if objective.direction == "higher" else -1.0
    return sign * sum(changes) / len(changes) if changes else 0.0


def _change(metric: str, mine: TrialRecord, other: TrialRecord) -> float | None:
    if metric in SPENDING and (mine.success < 1 or other.success < 1):
        return None
    value, theirs = measured(mine, metric), measured(other, metric)
    if value is None or theirs is None:
        return None
    largest = 1.0 if is_absolute(metric) else max(abs(value), abs(theirs))
    return max(-1.0, min(1.0, (value - theirs) / largest)) if largest else 0.0


def _unit(record: TrialRecord) -> tuple[str, int, int]:
    return record.task, record.seed, record.repetition


def _progress(record: TrialRecord) -> float:
    graded = record.outcome.progress if record.outcome else None
    return graded if graded is not None else record.success
