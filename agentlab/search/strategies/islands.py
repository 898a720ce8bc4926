"""Islands: subpopulations that grow apart and now and then take over what a neighbour has."""

from __future__ import annotations

from bisect import bisect_right

from agentlab.core.candidate import Candidate
from agentlab.search.strategies.history import History, main_line, measured, values

__all__ = ["Islands"]

_ISLANDS = 3
_MIGRATION = 4
"""Every so many of its own batches, an island looks at its neighbour and at the incumbent."""


class Islands:
    """Deals batches to the islands in turn; each goes on from the best that it has itself.

    Islands of a genetic algorithm with a ring of migration (Tanese, "Distributed Genetic
    Algorithms", 1989).
    """

    has_branches = True

    def parents(self, history: History) -> list[Candidate]:
        """Returns the champion of the island whose turn it is; the incumbent if it has none yet."""
        turn, island = divmod(history.batch - 1, _ISLANDS)
        homes, champions = {island}, {history.baseline: 0.0}
        found, line = values(history), main_line(history)
        if (turn + 1) % _MIGRATION == 0:
            homes.add((island - 1) % _ISLANDS)
            champions[history.incumbent.digest] = found.get(history.incumbent.digest, 0.0)
        champions |= {
            decision.candidate: found[decision.candidate]
            for decision in measured(history)
            if _island(history, decision.number) in homes
        }
        champion = max(champions, key=lambda digest: champions[digest])
        return [history.incumbent if champion in line else history.lab.candidate(champion)]


def _island(history: History, number: int) -> int:
    """Returns the island on which a proposal was made."""
    return (bisect_right(history.first_numbers, number) - 1) % _ISLANDS
