"""The agent that rewrites the target, and the lab it works in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord

__all__ = ["Lab", "MetaAgent"]


class Lab(Protocol):
    """What a meta-agent may see of a run: never the validation traces, never the test."""

    @property
    def target(self) -> TargetSpec:
        """What may be edited and how it is called."""
        ...

    @property
    def objective(self) -> Objective:
        """What is optimised, and the guards."""
        ...

    @property
    def decisions(self) -> Sequence[Decision]:
        """What became of earlier proposals, by number; the same for any number of slots."""
        ...

    @property
    def proposed(self) -> frozenset[str]:
        """Digests of all candidates proposed so far, and of the baseline."""
        ...

    def candidate(self, digest: str) -> Candidate:
        """Returns a candidate of this run by its digest."""
        ...

    def train_records(self, candidate: str) -> Sequence[TrialRecord]:
        """Returns the finished train trials of a candidate, with their feedback."""
        ...


class MetaAgent(Protocol):
    """Proposes candidates. All it knows is the lab; all that is random in it is the seed."""

    @property
    def name(self) -> str:
        """Short word that names the source of a candidate in every table."""
        ...

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` candidates, each made from one of the parents.

        The same lab, parents, count and seed give the same candidates. An empty answer says that
        it has nothing more to propose from these parents. Editable files only; each candidate
        parses and differs from all in `lab.proposed`.
        """
        ...
