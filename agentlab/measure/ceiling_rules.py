"""From what a run measured to one verdict: an ordered table of rules, the first that holds speaks.

1. `nothing compared`, keep going: no proposal came as far as a comparison.
2. `at the top`, benchmark saturated: the winner's interval holds the top (the oracle's success,
   else 1) and begins at most 0.1 below it.
3. `out of sight`, noise-limited: the gate sees no improvement however large, or only such as are
   larger than half of what is left up to the top.
4. `undecided`, noise-limited: of the proposals at the gate since the last keep, at least 3 and at
   least half ended undecided for noise.
5. `found apart`, keep going: the best candidate for each task, chosen and measured on different
   seeds, is ahead of the winner; the interval of its lead is above 0.
6. `numbers are done`, parametric ceiling: edits of numbers are flat, other edits are not.
7. `not flat`, keep going: edits of one kind or the other are not flat; of numbers only where the
   winner has any.
8. `more is possible`, architectural ceiling: the oracle is above the winner's interval, or a task
   was never solved on so many seeds that it is not their luck.
9. `flat`, you can stop tuning this: none of these.

Flat: with 95 % confidence at most 1 of 10 proposals of this kind would be kept. What has to do with
the top or with tasks is about success, so these rules are left out where another metric is the
objective.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from agentlab.core.ceiling import Bounds, CeilingVerdict, Plateau, Stretch, Unsolved
from agentlab.core.result import Detectable
from agentlab.measure.plateau import RARE, stretch_needed

__all__ = [
    "RULES",
    "CeilingCase",
    "CeilingRule",
    "first_that_holds",
    "never_solved",
    "percent",
    "top_of",
]

_NEAR = 0.1
"""What a saturated benchmark may have left."""

_FEWEST_OPEN = 3

_SEEN = 0.5
"""Part of what is left that the gate must see."""


class CeilingCase(NamedTuple):
    """What the rules are asked about."""

    bounds: Bounds
    plateau: Plateau
    detectable: Detectable | None
    compared: int
    """Proposals that were compared with the incumbent."""

    is_success: bool
    """Whether success is the objective."""

    has_numbers: bool
    """Whether the winner has numbers that could be moved."""


class CeilingRule(NamedTuple):
    """One row of the table."""

    name: str
    verdict: CeilingVerdict
    reason: Callable[[CeilingCase], str | None]
    """Returns the statistic in words where the rule holds, else None."""


class _Spoken(NamedTuple):
    rule: CeilingRule
    reason: str


def first_that_holds(case: CeilingCase) -> _Spoken:
    """Returns the first rule of the table that holds, and why it does."""
    for rule in RULES:
        if (reason := rule.reason(case)) is not None:
            return _Spoken(rule, reason)
    raise AssertionError("the last rule always holds")


def top_of(bounds: Bounds) -> float:
    """Returns the success that can be had at most, as far as anybody knows."""
    return 1.0 if bounds.oracle is None else bounds.oracle


def never_solved(bounds: Bounds) -> list[Unsolved]:
    """Returns the tasks of which one may say that no candidate so far can do them."""
    return [task for task in bounds.unsolved if task.is_never]


def _nothing_compared(case: CeilingCase) -> str | None:
    return None if case.compared else "no proposal came as far as a comparison"


def _at_the_top(case: CeilingCase) -> str | None:
    winner, top = case.bounds.winner, top_of(case.bounds)
    if not case.is_success or winner is None or winner.high < top or top - winner.low > _NEAR:
        return None
    whose = "" if case.bounds.oracle is None else ", which is the oracle's"
    return (
        f"the winner solves {winner.estimate:.2f} [{winner.low:.2f}, {winner.high:.2f}] on fresh "
        f"validation seeds; the interval holds the top, {top:.2f}{whose}"
    )


def _out_of_sight(case: CeilingCase) -> str | None:
    seen, winner = case.detectable, case.bounds.winner
    if seen is None:
        return None
    if seen.improvement is None:
        return f"with {seen.pairs:,} pairs at the gate no improvement, however large, would show"
    left = top_of(case.bounds) - winner.estimate if case.is_success and winner else None
    if left is None or seen.improvement <= _SEEN * left:
        return None
    return (
        f"the gate sees improvements from {seen.improvement:+.2g} on, and no more than "
        f"{max(0.0, left):+.2g} is left up to {top_of(case.bounds):.2f}"
    )


def _undecided(case: CeilingCase) -> str | None:
    found, asked = case.plateau.open_at_gate, case.plateau.at_gate
    if found < _FEWEST_OPEN or 2 * found < asked:
        return None
    return f"{found} of the last {asked} proposals at the gate could neither be shown nor ruled out"


def _found_apart(case: CeilingCase) -> str | None:
    lead = case.bounds.best_per_task_lead
    if not case.is_success or lead is None or lead.low <= 0:
        return None
    return (
        f"the best candidate for each task is ahead of the winner by {lead.estimate:+.2f} "
        f"[{lead.low:+.2f}, {lead.high:+.2f}]: what helps was found, but apart"
    )


def _numbers_are_done(case: CeilingCase) -> str | None:
    numbers, structure = case.plateau.numbers, case.plateau.structure
    if not numbers.is_flat or structure.is_flat:
        return None
    return (
        f"{_flat(numbers, 'edits of numbers')}; of other edits {structure.proposals} were tried, "
        f"too few to call them done"
    )


def _not_flat(case: CeilingCase) -> str | None:
    plateau = case.plateau
    if not plateau.structure.is_flat:
        needed = stretch_needed(plateau.kept)
        return (
            f"no plateau yet: edits of more than numbers without a keep: "
            f"{plateau.structure.proposals}; {needed} in a row would be one, after which at most "
            f"{percent(RARE)} of further ones would be kept"
        )
    if case.has_numbers and not plateau.numbers.is_flat:
        tried = plateau.numbers.proposals
        return f"other edits are flat, but only {tried} edits of numbers were tried"
    return None


def _more_is_possible(case: CeilingCase) -> str | None:
    if not case.is_success:
        return None
    why = []
    winner, oracle = case.bounds.winner, case.bounds.oracle
    if oracle is not None and winner is not None and oracle > winner.high:
        why.append(f"the oracle solves {oracle:.2f}, the winner {winner.estimate:.2f}")
    if never := never_solved(case.bounds):
        why.append(f"{len(never)} of {case.bounds.tasks} tasks were never solved by any candidate")
    return f"{_flat(case.plateau.all, 'edits')}, but {' and '.join(why)}" if why else None


def _is_flat(case: CeilingCase) -> str:
    return _flat(case.plateau.all, "edits")


def _flat(stretch: Stretch, what: str) -> str:
    return (
        f"{stretch.proposals} {what} without a keep: with 95 % confidence at most "
        f"{percent(stretch.chance)} of further ones would be kept"
    )


def percent(share: float) -> str:
    """Returns a share in words.

    >>> percent(0.0974)
    '9.7 %'
    """
    return f"{share * 100:.2g} %" if share < 1 else "100 %"


RULES: tuple[CeilingRule, ...] = (
    CeilingRule("nothing compared", "keep going", _nothing_compared),
    CeilingRule("at the top", "benchmark saturated", _at_the_top),
    CeilingRule("out of sight", "noise-limited", _out_of_sight),
    CeilingRule("undecided", "noise-limited", _undecided),
    CeilingRule("found apart", "keep going", _found_apart),
    CeilingRule("numbers are done", "parametric ceiling", _numbers_are_done),
    CeilingRule("not flat", "keep going", _not_flat),
    CeilingRule("more is possible", "architectural ceiling", _more_is_possible),
    CeilingRule("flat", "you can stop tuning this", _is_flat),
)
"""The table, in its order."""
