"""What an agent that thinks, tries and spends did for one proposal, if only in vain."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.value import Value

__all__ = ["Attempt", "Prediction"]


class Prediction(Value):
    """What a proposal is said to change, so that one can see afterwards whether it did."""

    tasks: tuple[str, ...] = ()
    """Train tasks that it is about; none is all of them."""

    direction: Literal["better", "same", "worse"] = "better"
    """How the objective's metric moves on those tasks. `same`: what it saves is elsewhere."""

    size: float = Field(default=0.0, ge=0, le=1)
    """By how much, as a mean over those tasks: 0.1 is ten points of success, or 10 % of what is
    spent."""


class Attempt(Value):
    """One attempt at a proposal: what came of it and what it cost, for the log."""

    source: str
    """The meta-agent."""

    model: str = ""
    """The language model that it asked; empty where there was none."""

    candidate: str | None = None
    """Digest of what was proposed; None where the attempt came to nothing."""

    failure: str = ""
    """Why it came to nothing, one line; empty where it did not."""

    number: int | None = None
    """The proposal's number, which the search gives it; None in vain."""

    approach: str = ""
    """The mechanism that was tried, in its own few words: proposals of one approach are alike."""

    prediction: Prediction | None = None
    notes: tuple[str, ...] = ()
    """What it wants later attempts to know."""

    trials: tuple[str, ...] = ()
    """Keys of the train trials that it looked at, in order; they count in the run's budget."""

    probes: tuple[str, ...] = ()
    """Keys of the diagnostic scripts that it ran; each counts as a trial."""

    cost_usd: float = Field(default=0.0, ge=0)
    """Spent on models, US dollars."""

    tokens: int = Field(default=0, ge=0)
    """To and from models."""

    calls: int = Field(default=0, ge=0)
    """Questions to models, those that were remembered included."""
