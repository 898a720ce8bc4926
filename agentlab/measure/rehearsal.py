"""The trials before the first proposal, and what the run will do after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import is_spending, readings

__all__ = ["Planned", "Rehearsal", "clusters_per_block", "is_binary", "metrics_of"]


class Rehearsal(NamedTuple):
    """The records of the trials before the first proposal."""

    target: Sequence[TrialRecord]
    """The target on train pairs."""

    again: Sequence[TrialRecord] = ()
    """Its repetition on as many of the first of those pairs, in their order."""

    edits: Sequence[Sequence[TrialRecord]] = ()
    """Typed edits of it on some of those pairs; none that broke."""

    null: Sequence[TrialRecord] = ()
    oracle: Sequence[TrialRecord] = ()
    validation: Sequence[TrialRecord] = ()
    """The target on validation tasks, where the data are fixed and the gate will look at these."""

    @property
    def records(self) -> list[TrialRecord]:
        """All of them."""
        edits = [record for edit in self.edits for record in edit]
        return [
            *self.target, *self.again, *edits, *self.null, *self.oracle, *self.validation
        ]  # fmt: skip


class Planned(NamedTuple):
    """What the run will do, as far as the rule does not say it."""

    tasks: int
    """Validation tasks."""

    train_tasks: int
    has_fresh_seeds: bool
    trials_per_s: float
    accepts_noise: bool


def metrics_of(objective: Objective) -> list[str]:
    """Returns the metrics that decide: the objective's first, then success and the guards'."""
    guards = [guard.metric for guard in objective.guards]
    return list(dict.fromkeys([objective.metric, "success", *guards]))


def clusters_per_block(rehearsal: Rehearsal, metric: str, planned: Planned) -> int:
    """Returns how many independent comparisons a block of the gate can have in a metric."""
    records = rehearsal.target if planned.has_fresh_seeds else rehearsal.validation
    counted = [record for record in records if record.fate.counts]
    clusters = {
        reading.cluster
        for record in counted
        for reading in readings(record, metric)
        if reading.is_solved or not is_spending(metric)
    }
    return max(1, round(planned.tasks * len(clusters) / len(counted))) if clusters else 0


def is_binary(records: Sequence[TrialRecord], metric: str) -> bool:
    """Returns whether each comparison of two such candidates is a win, a loss or a tie."""
    return metric == "success" and all(
        not record.items and record.success in (0, 1) for record in records
    )
