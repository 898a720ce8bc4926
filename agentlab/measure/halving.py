"""Successive halving among siblings: who goes on, from records on common train pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.gate import compare
from agentlab.measure.pairing import improvements

__all__ = ["Standing", "standings"]


class Standing(NamedTuple):
    """Where a sibling stands against the incumbent; compares like its fields, higher is better."""

    keeps_guards: bool
    gain: float
    """Mean improvement of the objective over the clusters."""

    progress: float
    """Mean gain in graded progress: a tie-break, never seen by the gate."""

    @property
    def is_promising(self) -> bool:
        """Whether it is worth more trials."""
        return self.keeps_guards and self.gain > 0


def standings(
    siblings: Mapping[str, Sequence[TrialRecord]],
    incumbent: Sequence[TrialRecord],
    *,
    objective: Objective,
    traits: Traits,
) -> dict[str, Standing]:
    """Returns the standing of each sibling by its digest, best first; ties keep their order."""
    found = {
        digest: Standing(
            _keeps_guards(records, incumbent, objective, traits),
            _gain(records, incumbent, objective),
            _progress(records) - _progress(incumbent),
        )
        for digest, records in siblings.items()
    }
    return dict(sorted(found.items(), key=lambda entry: entry[1], reverse=True))


def _gain(
    records: Sequence[TrialRecord], incumbent: Sequence[TrialRecord], objective: Objective
) -> float:
    lower = objective.direction == "lower"
    clusters = improvements(records, incumbent, objective.metric, lower_is_better=lower).clusters
    return float(clusters.mean()) if clusters.size else 0.0


def _keeps_guards(
    records: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    objective: Objective,
    traits: Traits,
) -> bool:
    """Returns whether no guard looks broken; twice the margin, since few pairs are noisy."""
    for guard in objective.guards:
        clusters = compare(records, incumbent, guard.metric, traits).clusters
        if clusters.size and float(clusters.mean()) < -2 * guard.margin:
            return False
    return True


def _progress(records: Sequence[TrialRecord]) -> float:
    graded = [
        record.outcome.progress if record.outcome and record.outcome.progress is not None else 0.0
        for record in records
        if record.fate.counts
    ]
    return sum(graded) / len(graded) if graded else 0.0
