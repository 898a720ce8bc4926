"""What the search needs of a store: the log from which every decision can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.rounds import Coupling
from agentlab.core.value import Value
from agentlab.search.desk import Ledger

__all__ = ["Journal", "Proposed"]


class Proposed(Value):
    """A batch of proposals, as it was asked for."""

    batch: int
    """Number of the batch, from 1."""

    first_number: int
    """Number of its first proposal."""

    candidates: tuple[str, ...]
    """Digests, in the order of their numbers. Empty: the meta-agent had nothing more."""

    attempts: tuple[Attempt, ...] = ()
    """Of meta-agents that try before they propose: what they did for these and in vain."""


class Journal(Ledger, Protocol):
    """A run's log. What it answers survives a kill; what was written is never written again."""

    def add_candidate(self, candidate: Candidate) -> None:
        """Keeps a candidate's files; the same candidate again changes nothing."""
        ...

    def candidate(self, digest: str) -> Candidate:
        """Returns a candidate of this run."""
        ...

    def proposed(self, batch: int) -> Proposed | None:
        """Returns a batch that was asked for earlier, or None."""
        ...

    def save_proposed(self, proposed: Proposed) -> None:
        """Keeps a batch before any trial of it is run."""
        ...

    def save_decisions(self, decisions: Sequence[Decision], elapsed_s: float) -> None:
        """Keeps the decisions of a batch; those already kept are left as they are."""
        ...

    def stopped(self, round_number: int = 1) -> tuple[int, str] | None:
        """Returns the batch before which the search of a round stopped and why, or None.

        A run without rounds has one.
        """
        ...

    def save_stopped(self, batch: int, reason: str) -> None:
        """Keeps why the search of a round stopped, so that a resumed run stops there as well.

        Rounds stop in their order.
        """
        ...

    def coupling(self, round_number: int) -> Coupling | None:
        """Returns what a round's test for coupling found earlier, or None."""
        ...

    def save_coupling(self, coupling: Coupling) -> None:
        """Keeps what a round's test for coupling found, once."""
        ...
