"""What share of context and cost a candidate saves where both solve."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.environment import Traits
from agentlab.core.trial import TrialRecord
from agentlab.measure.pairing import paired_readings

__all__ = ["Savings", "spent_metrics"]


class Savings:
    """Sums over the pairs that both solve, added to block by block."""

    def __init__(self, traits: Traits) -> None:
        self._spent = dict.fromkeys(spent_metrics(traits), (0.0, 0.0))

    def add(self, candidate: Sequence[TrialRecord], incumbent: Sequence[TrialRecord]) -> None:
        """Takes one more block of both."""
        for metric, (mine, theirs) in self._spent.items():
            pairs = list(paired_readings(candidate, incumbent, metric, both_solved=True))
            self._spent[metric] = (
                mine + sum(reading.value for reading, _ in pairs),
                theirs + sum(other.value for _, other in pairs),
            )

    def shares(self) -> dict[str, float]:
        """Returns the share saved of each that the incumbent spent anything of; 0.4 is 40 %."""
        return {
            metric: 1.0 - mine / theirs for metric, (mine, theirs) in self._spent.items() if theirs
        }


def spent_metrics(traits: Traits) -> tuple[str, ...]:
    """Returns what is metered of context and cost in a world."""
    found = []
    if traits.context_meter != "none":
        found.append("context_tokens")
    if traits.cost_kind != "none":
        found.append("cost_usd")
    return tuple(found)
