"""The meta-agent that proposes what was proposed before, or what somebody wrote down."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab

__all__ = ["RecordedAgent"]


class RecordedAgent:
    """Proposes given candidates in their order, whatever becomes of them."""

    name = "recorded"

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Takes the candidates; the parent of each must be one that the lab knows."""
        self._candidates = tuple({one.digest: one for one in candidates}.values())

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns the next of them that were not proposed yet."""
        proposed = lab.proposed
        return [one for one in self._candidates if one.digest not in proposed][:count]
