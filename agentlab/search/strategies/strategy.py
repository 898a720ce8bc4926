"""One protocol for all strategies, and where they are found by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from agentlab.core.candidate import Candidate
from agentlab.search.strategies.greedy import Greedy
from agentlab.search.strategies.history import History
from agentlab.search.strategies.islands import Islands
from agentlab.search.strategies.pareto import Pareto
from agentlab.search.strategies.tree import Tree

__all__ = ["STRATEGIES", "Strategy", "StrategyName"]

StrategyName = Literal["greedy", "pareto", "tree", "islands"]


class Strategy(Protocol):
    """Chooses parents; all it knows is the history, and it remembers nothing."""

    @property
    def has_branches(self) -> bool:
        """Whether what is grown from another candidate than the incumbent stands as it is.

        A branch is a line of candidates, each made for the one before. Rebased onto the incumbent,
        its last edit would be tried without those that it builds on; so the whole branch is
        compared with the incumbent, and replaces it as a whole if the gate keeps it. Where there
        are no branches, a proposal is its edit alone, and is carried over to the incumbent.
        """
        ...

    def parents(self, history: History) -> Sequence[Candidate]:
        """Returns at least one parent for the next batch, the one to start from first."""
        ...


STRATEGIES: Mapping[StrategyName, Strategy] = {
    "greedy": Greedy(),
    "pareto": Pareto(),
    "tree": Tree(),
    "islands": Islands(),
}
