"""What a long piece of work says while it goes on."""

from __future__ import annotations

from typing import Literal, Protocol

from agentlab.core.decision import Decision, Estimate
from agentlab.core.value import Value

__all__ = ["Observer", "Phase", "Progress", "Silent"]

Phase = Literal["start", "check", "search", "validation", "test", "done"]


class Progress(Value):
    """A snapshot of the work; cheap to make, sent a few times per second at most."""

    phase: Phase
    message: str = ""
    """What is going on, a few words."""

    proposal: int = 0
    """Number of the proposal in hand."""

    proposals_planned: int | None = None
    stage: str = ""
    label: str = ""
    trials: int = 0
    """Trials finished so far, those found in the store not counted."""

    planned: int | None = None
    """Trials that this phase takes in all, where that is known."""

    done: int = 0
    """How many of those are finished."""

    trials_per_s: float = 0.0
    best: Estimate | None = None
    """The incumbent's objective on train tasks, with its interval."""

    best_metric: str = ""
    kept: int = 0
    left_s: float | None = None
    """Estimated time to the end of the run, seconds; None where nobody knows."""


class Observer(Protocol):
    """Watches; it cannot change anything."""

    def progress(self, progress: Progress) -> None:
        """Takes a snapshot."""
        ...

    def decided(self, decision: Decision) -> None:
        """Takes a decision, in the order of proposals."""
        ...

    def note(self, message: str) -> None:
        """Takes a line that a person should read (a warning, a lost worker)."""
        ...


class Silent:
    """The observer that says nothing."""

    def progress(self, progress: Progress) -> None:
        """Says nothing."""

    def decided(self, decision: Decision) -> None:
        """Says nothing."""

    def note(self, message: str) -> None:
        """Says nothing."""
