"""The incumbent, and all that no other candidate beats both in success and in context."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.trial import TrialRecord
from agentlab.measure.hypervolume import dominates
from agentlab.search.strategies.history import History

__all__ = ["Pareto"]


class Pareto:
    """Goes on from the front of success and context; an edit found there is for the incumbent."""

    has_branches = False

    def parents(self, history: History) -> list[Candidate]:
        """Returns the incumbent, then every measured candidate that no other dominates.

        Measured by the train trials that each was seen on; what was discarded as broken is never a
        parent.
        """
        lab, incumbent = history.lab, history.incumbent
        points = {
            decision.candidate: _point(records)
            for decision in lab.decisions
            if decision.stage in ("halving", "gate")
            and (records := lab.train_records(decision.candidate))
        }
        points.pop(incumbent.digest, None)
        own = [_point(records)] if (records := lab.train_records(incumbent.digest)) else []
        rivals = [*points.values(), *own]
        front = [
            digest
            for digest, point in points.items()
            if not any(dominates(other, point) for other in rivals)
        ]
        return [incumbent, *map(lab.candidate, front)]


def _point(records: Sequence[TrialRecord]) -> tuple[float, float]:
    """Returns mean success and minus the mean context, so that higher is better in both."""
    size = len(records)
    return (
        sum(record.success for record in records) / size,
        -sum(record.usage.context_tokens for record in records) / size,
    )
