"""The incumbent alone."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.search.strategies.history import History

__all__ = ["Greedy"]


class Greedy:
    """Goes on from the best candidate there is."""

    has_branches = False

    def parents(self, history: History) -> list[Candidate]:
        """Returns the incumbent."""
        return [history.incumbent]
