"""What a run found of success, context and cost together."""

from __future__ import annotations

from agentlab.core.value import Value

__all__ = ["Front", "FrontPoint", "Growth"]


class FrontPoint(Value):
    """A candidate that no other beats in success, context and cost at once."""

    number: int
    """The proposal's number."""

    candidate: str
    is_kept: bool
    """Whether the gate kept it; else what it shows may be luck."""

    success: float
    """Success gained over the baseline, as the gate saw it."""

    saved: dict[str, float]
    """Share of the baseline's context and cost that is saved where both solve; below 0 it is
    more."""

    pairs: int
    """Pairs on which it was compared with the incumbent of its time."""


class Growth(Value):
    """A step by which the front grew."""

    number: int
    """The proposal that it grew by; 0 is the baseline alone."""

    hypervolume: float


class Front(Value):
    """The candidates of a run that are on the front; guards are its constraints."""

    axes: tuple[str, ...]
    """Success, and what is metered of context and cost."""

    slack: float
    """How much worse than the baseline the reference of the volume is, in each dimension."""

    points: tuple[FrontPoint, ...]
    """By number; empty where nothing is better than the baseline in any dimension."""

    hypervolume: float
    """Between the reference and the front; the product of gain in success and shares saved."""

    growth: tuple[Growth, ...]
    """The volume after each proposal that added to it."""
