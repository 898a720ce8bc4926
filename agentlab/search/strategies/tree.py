"""A tree of candidates: a branch that promised something is gone back to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from agentlab.core.candidate import Candidate
from agentlab.search.strategies.history import History, main_line, measured, values

__all__ = ["Tree"]

_CURIOSITY = 0.5
"""Weight of how seldom a candidate was tried, against its rank among all, from 0 to 1."""


class Tree:
    """Picks one parent per batch: high in value, or seldom tried.

    The upper confidence bound of Auer, Cesa-Bianchi and Fischer ("Finite-time Analysis of the
    Multiarmed Bandit Problem", 2002), on ranks, so that it does not matter how large gains are in
    this world.
    """

    has_branches = True

    def parents(self, history: History) -> list[Candidate]:
        """Returns the incumbent, or what looked better than the incumbent of its time."""
        found, line = values(history), main_line(history)
        nodes = {history.incumbent.digest: found.get(history.incumbent.digest, 0.0)}
        nodes |= {
            decision.candidate: found[decision.candidate]
            for decision in measured(history)
            if decision.candidate not in line
            and found[decision.candidate] > found.get(decision.incumbent, 0.0)
        }
        return [history.lab.candidate(_highest_bound(nodes, _children(history)))]


def _children(history: History) -> Counter[str]:
    candidate = history.lab.candidate
    return Counter(str(candidate(decision.candidate).parent) for decision in history.lab.decisions)


def _highest_bound(nodes: Mapping[str, float], tries: Counter[str]) -> str:
    """Returns the node of the highest bound; the first of equals."""
    ranked = sorted(nodes.values())
    last = max(len(ranked) - 1, 1)
    total = 1 + sum(tries[node] for node in nodes)

    def bound(node: str) -> float:
        rank = ranked.index(nodes[node]) / last
        return rank + _CURIOSITY * math.sqrt(math.log(total) / (1 + tries[node]))

    return max(nodes, key=bound)
