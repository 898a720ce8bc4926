"""What is written down of every call: before it is made and after."""

from __future__ import annotations

from typing import Literal

from agentlab.core.value import Value

__all__ = ["CallRecord", "CallState"]

CallState = Literal["reserved", "settled", "failed", "lost", "cached"]
"""`reserved`: set aside, about to be called. `settled`: answered and paid. `failed`: it failed
without an answer, what was set aside is free again. `lost`: it may have been answered and nobody
knows, so all that was set aside counts as spent. `cached`: answered from memory, nothing spent."""


class CallRecord(Value):
    """One thing that happened to one call; a call that is made has two, `reserved` first."""

    number: int = 0
    """Of the call, from 1 in each process; a try after a failure is a call of its own."""

    key: str
    """Content address of the request."""

    asked: str = ""
    """The model that was asked for."""

    model: str
    """The model that answered; the one asked for, where none did."""

    is_other_model: bool = False
    """Whether another model answered than the one asked for, or than answered before."""

    state: CallState
    attempt: int = 1
    """1 is the first try of a question."""

    prompt_tokens: int
    """As the model counted; the most that was expected, where it did not answer."""

    completion_tokens: int
    is_usage_told: bool = True
    """Whether the model told its tokens; where it did not, they are the most it may have been."""

    cost_usd: float
    """What it is worth at the table's price, US dollars; spent where it was `settled` or `lost`."""

    seconds: float = 0.0
    """Wall time of the call."""

    reason: str = ""
    """Why it failed, with status and endpoint."""

    @property
    def is_spent(self) -> bool:
        """Whether its cost counts as spent."""
        return self.state in ("settled", "lost")
