"""What became of a trial: its fate, how the environment judged it, what it spent."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from agentlab.core.value import Value

__all__ = ["CostKind", "Fate", "ItemOutcome", "Outcome", "Usage"]


class Fate(StrEnum):
    """How a trial ended. All but `INFRA` are data about the candidate and count."""

    SOLVED = "solved"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    LIMIT = "limit"
    VIOLATION = "violation"
    INFRA = "infra"

    @property
    def counts(self) -> bool:
        """Whether the trial says something about the candidate."""
        return self is not Fate.INFRA

    @property
    def is_judged(self) -> bool:
        """Whether the environment judged an answer."""
        return self in (Fate.SOLVED, Fate.FAILED)


class ItemOutcome(Value):
    """The score of one item (such as a query) of a trial that holds a batch."""

    id: str
    """Pairs this item with the same item of another candidate."""

    cluster: str
    """The unit that is independent of others (query group, document family)."""

    success: float = Field(ge=0, le=1)
    """Higher is better."""

    metrics: dict[str, float] = Field(default_factory=dict)
    """Further numbers by name; the environment declares their direction."""


class Outcome(Value):
    """The environment's judgement of one episode."""

    success: float = Field(ge=0, le=1)
    """1 is solved, 0 is not; between them where the world grades. Higher is better."""

    metrics: dict[str, float] = Field(default_factory=dict)
    """Further numbers by name; the environment declares their direction."""

    items: tuple[ItemOutcome, ...] = ()
    """Per-item scores where a trial holds a batch; each is its own unit of pairing."""

    progress: float | None = Field(default=None, ge=0, le=1)
    """How near it came, for steering the search; the gate sees it where the objective names it."""

    feedback: str = ""
    """What a meta-agent may be told about a train trial, in words."""


CostKind = Literal["metered", "simulated", "none"]
"""`metered`: money was spent. `simulated`: priced by the dated table. `none`: there is no cost."""


class Usage(Value):
    """What a trial spent, as metered by the trusted side of the wire."""

    cost_usd: float = Field(default=0.0, ge=0)
    """US dollars; see `cost_kind`."""

    cost_kind: CostKind = "none"

    prompt_tokens: int = Field(default=0, ge=0)
    """Tokens sent to language models."""

    completion_tokens: int = Field(default=0, ge=0)
    """Tokens that language models answered."""

    context_tokens: int = Field(default=0, ge=0)
    """Tokens that entered the decision maker over the episode, by the context meter."""

    context_tokens_max: int = Field(default=0, ge=0)
    """The largest single entry among them."""

    wall_s: float = Field(default=0.0, ge=0)
    """From the start frame to the end, seconds."""

    cpu_s: float = Field(default=0.0, ge=0)
    """Processor time of the candidate's processes, seconds."""

    tool_calls: int = Field(default=0, ge=0)

    steps: int = Field(default=0, ge=0)
    """Tool calls that the environment counts as acting or observing."""
