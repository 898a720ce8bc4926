"""Whether anything is still found: how likely, at most, the next proposal is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentlab.core.ceiling import EditKind, Plateau, Stretch
from agentlab.core.decision import Cause, Decision, Verdict
from agentlab.core.result import Detectable
from agentlab.measure.failures import cause_of

__all__ = ["RARE", "chance_of_next", "plateau_of", "stretch_needed"]

RARE = 0.1
"""A plateau: at most one proposal in so many would be kept."""

_ALPHA = 0.05

_UNTRIED: frozenset[Cause] = frozenset(("refused", "nothing new", "conflict", "our side"))
"""What tells nothing of the chance: it was not measured."""


def plateau_of(
    decisions: Sequence[Decision],
    kinds: Mapping[int, EditKind],
    detectable: Detectable | None,
) -> Plateau:
    """Returns how long nothing was kept, and what that says.

    Args:
        decisions: All of the run, by number.
        kinds: What each proposal changed, by its number; one that is missing is structure.
        detectable: What the gate could have shown.
    """
    kept = [decision.number for decision in decisions if decision.verdict is Verdict.KEPT]
    since = [decision for decision in decisions if decision.number > max(kept, default=0)]
    tried = [decision for decision in since if cause_of(decision) not in _UNTRIED]
    numbers = sum(kinds.get(decision.number) == "numbers" for decision in tried)
    at_gate = [decision for decision in tried if decision.stage == "gate"]
    return Plateau(
        kept=len(kept),
        all=_stretch(len(tried), len(kept)),
        numbers=_stretch(numbers, len(kept)),
        structure=_stretch(len(tried) - numbers, len(kept)),
        at_gate=len(at_gate),
        open_at_gate=sum(cause_of(decision) == "noise" for decision in at_gate),
        missed=detectable.improvement if detectable else None,
        is_relative=detectable.is_relative if detectable else False,
    )


def chance_of_next(proposals: int, kept: int) -> float:
    """Returns the chance that the next proposal is kept, at most, with 95 % confidence.

    If each proposal since the last keep had the chance p, none of n is kept with (1 - p)^n. What is
    that unlikely is ruled out. Every keep began another stretch, and the search may have ended
    because this one was long; so stretch k, from 0, has the share 1 / ((k + 1)(k + 2)) of the 5 %.
    The shares add up to 1: the bound holds whenever one stops to look.

    >>> round(chance_of_next(36, 0), 4), chance_of_next(0, 3)
    (0.0974, 1.0)
    """
    if not proposals:
        return 1.0
    return float(1 - (_ALPHA / ((kept + 1) * (kept + 2))) ** (1 / proposals))


def stretch_needed(kept: int) -> int:
    """Returns how many proposals without a keep make a plateau.

    >>> stretch_needed(0), stretch_needed(3)
    (36, 57)
    """
    proposals = 1
    while chance_of_next(proposals, kept) > RARE:
        proposals += 1
    return proposals


def _stretch(proposals: int, kept: int) -> Stretch:
    chance = chance_of_next(proposals, kept)
    return Stretch(proposals=proposals, chance=chance, is_flat=chance <= RARE)
