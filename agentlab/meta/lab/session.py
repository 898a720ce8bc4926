"""What an agent did in the lab so far, as plain data: it can be put down and taken up again."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from agentlab.core.attempt import Prediction
from agentlab.core.value import Value

__all__ = ["Allowance", "LabSession", "Submission"]


class Allowance(NamedTuple):
    """What one proposal may try."""

    trials: int = 24
    """Train trials that nobody had looked at."""

    probes: int = 3
    """Diagnostic scripts."""


class Submission(Value):
    """A proposal that was handed in."""

    title: str = Field(min_length=1, max_length=100)
    """What it is called in tables."""

    hypothesis: str = Field(min_length=1, max_length=2000)
    """Why it should help, and how one would see that it did not."""

    approach: str = Field(default="", max_length=60)
    """The mechanism, in two or three words; what shares one is tried three times at most."""

    prediction: Prediction = Prediction()


class LabSession(Value):
    """The state of one attempt; all that the tools remember."""

    edits: dict[str, str] = Field(default_factory=dict)
    """New contents by path."""

    trials: tuple[str, ...] = ()
    """Keys of the train trials that were looked at, in their order."""

    probes: tuple[str, ...] = ()
    """Keys of the scripts that were run."""

    notes: tuple[str, ...] = ()
    submitted: Submission | None = None
