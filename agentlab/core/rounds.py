"""What became of each round, and whether the components that were tuned apart are coupled."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.decision import Estimate
from agentlab.core.value import Value

__all__ = ["Corners", "Coupling", "Finding", "RoundResult"]

Finding = Literal["coupled", "independent", "undecided"]
"""`coupled`: what one component's change is worth depends on the other's. `independent`: it does
not, as far as it matters."""


class Corners(Value):
    """The objective's metric at the four combinations of two changes, on the same pairs."""

    neither: Estimate
    earlier: Estimate
    """With the change of the earlier components alone."""

    later: Estimate
    """With the change of the later components alone."""

    both: Estimate


class Coupling(Value):
    """A 2x2 test: components that were changed before a round, and a change made in it."""

    round: int = Field(ge=1)
    earlier: tuple[str, ...]
    """Components that differ from the target as it came and are not the round's own."""

    later: tuple[str, ...]
    """Components that the round opened."""

    proposal: int | None = None
    """Number of the proposal whose change was taken; None if no change was worth the test."""

    label: str = ""
    is_kept: bool = False
    """Whether the round kept that change; else it was looked whether it failed for the others."""

    is_joint: bool = False
    """Whether the round could change the earlier components as well."""

    finding: Finding
    reason: str
    """One sentence for a person."""

    corners: Corners | None = None
    alone: Estimate | None = None
    """What the change is worth with the earlier components as they came; higher is better, in the
    metric's own unit for `success`, else relative."""

    on_top: Estimate | None = None
    """What it is worth with the earlier components changed."""

    interaction: Estimate | None = None
    """`on_top` minus `alone`."""

    e_value: float | None = None
    """Evidence that the interaction is not 0, in either direction."""

    pairs: int = 0
    """Pairs on which the four were compared."""

    looks: int = 0
    """Blocks of validation tasks that it took."""

    trials: int = 0
    """Trials that it cost, those that were known already left out."""


class RoundResult(Value):
    """How a round ended."""

    number: int = Field(ge=1)
    name: str
    open: tuple[str, ...]
    """Components that could be changed."""

    proposals: int
    kept: int
    trials: int
    """Trials that its proposals cost."""

    stopped_by: str
    coupling: Coupling | None = None
    """None where nothing could be coupled with anything, or where no test was asked for."""
