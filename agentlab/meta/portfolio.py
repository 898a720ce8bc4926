"""Several sources share a run; a bandit deals the proposals between them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab, MetaAgent
from agentlab.meta.bandit import draw_arms

__all__ = ["Portfolio"]


_FIRST = 3.0
"""Prior weight of the first source, against 1 of each other."""


class Portfolio:
    """A meta-agent made of meta-agents, the first of which is tried first."""

    name = "portfolio"

    def __init__(self, agents: Sequence[MetaAgent]) -> None:
        self._agents = {agent.name: agent for agent in agents}

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` proposals; what one source cannot fill, the others do."""
        generator = random.Random(seed)
        history = [(decision.source, decision) for decision in lab.decisions]
        shares = dict.fromkeys(self._agents, 0)
        for _ in range(count):
            arms = {name: 1.0 if place else _FIRST for place, name in enumerate(self._agents)}
            shares[draw_arms(arms, history, generator)[0]] += 1
        found: list[Candidate] = []
        left = dict(shares)
        for name in sorted(shares, key=lambda name: -shares[name]):
            made = self._agents[name].propose(lab, parents, count=left[name], seed=seed)
            found += _new(made, found)
            left[name] -= len(made)
        for name, agent in self._agents.items():
            missing = count - len(found)
            if missing > 0 and left[name] == 0:
                made = agent.propose(lab, parents, count=shares[name] + missing, seed=seed)
                found += _new(made, found)[:missing]
        return found


def _new(made: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    known = {candidate.digest for candidate in found}
    return [candidate for candidate in made if candidate.digest not in known]
