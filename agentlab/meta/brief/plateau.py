"""Advice that grows more urgent as it becomes less likely that more of the same is kept."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Decision
from agentlab.measure.plateau import RARE, plateau_of

__all__ = ["plateau_advice"]

_WARN, _CHANGE = 0.4, 0.2
"""Chances of the next keep, at most, below which the advice changes."""


def plateau_advice(history: Sequence[Decision]) -> str:
    """Returns what the run's statistics advise; empty while there is nothing to say."""
    stretch = plateau_of(history, {}, None).all
    chance = stretch.chance
    if not stretch.proposals or chance > _WARN:
        return ""
    said = (
        f"{stretch.proposals} measured proposals in a row were not kept; with 95 % confidence, at "
        f"most {chance:.0%} of further ones like them would be."
    )
    if chance > _CHANGE:
        return f"{said} Look again at what fails, and why, before you edit."
    if chance > RARE:
        return (
            f"{said} Change the approach itself: another algorithm, another source of information, "
            "another order of steps. No variation of what was tried."
        )
    return (
        f"{said} By the numbers this is a plateau. Propose only what differs in kind from all "
        "above; if you find nothing, note why and say so."
    )
