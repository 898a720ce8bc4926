"""How the parent does on train tasks, with the noise of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.core.measured import measured
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.meta.lab.shown import mean_and_error
from agentlab.report.escape import one_line

__all__ = ["TaskScore", "score_lines", "task_scores"]


class TaskScore(NamedTuple):
    """One train task, as the parent does on it."""

    task: str
    success: float
    """Mean over its trials."""

    trials: int
    fates: str
    feedback: str
    """What the environment says of its first trial that fell short, one line; or nothing."""


def task_scores(records: Sequence[TrialRecord]) -> list[TaskScore]:
    """Returns the tasks, those with the most to gain first; what our side lost is left out."""
    by_task: dict[str, list[TrialRecord]] = {}
    for record in records:
        if record.fate.counts:
            by_task.setdefault(record.task, []).append(record)
    found = [
        TaskScore(
            task,
            sum(record.success for record in own) / len(own),
            len(own),
            ", ".join(f"{n} {fate}" for fate, n in Counter(r.fate.value for r in own).items()),
            _feedback(own),
        )
        for task, own in by_task.items()
    ]
    return sorted(found, key=lambda score: (score.success, score.task))


def score_lines(records: Sequence[TrialRecord], objective: Objective) -> str:
    """Returns the parent's scores: each metric with its standard error, then task by task."""
    counted_records = [record for record in records if record.fate.counts]
    if not counted_records:
        return "Nothing of it was measured so far."
    lines = []
    for metric in dict.fromkeys(("success", *objective.metrics)):
        values = [v for r in counted_records if (v := measured(r, metric)) is not None]
        if values:
            mean, error = mean_and_error(values)
            noise = f" +- {error:.3g}" if error is not None else ""
            lines.append(f"{metric} {mean:.4g}{noise} over {counted(len(values), 'trial')}")
    tasks = (
        f"- {s.task}: success {s.success:.2f} ({s.fates})"
        + (f": {s.feedback}" if s.feedback else "")
        for s in task_scores(records)
    )
    return "\n".join([*lines, *tasks])


def _feedback(records: Sequence[TrialRecord]) -> str:
    said = (r.outcome.feedback for r in records if r.success < 1 and r.outcome is not None)
    return one_line(next((text for text in said if text), ""), limit=200)
