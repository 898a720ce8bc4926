"""The rule `paired`: an e-process on fresh seeds, looked at after every block."""

from __future__ import annotations

import math
from collections.abc import Sequence

from agentlab.core.counting import counted
from agentlab.core.decision import Cause, Verdict
from agentlab.core.objective import PairedRule
from agentlab.measure.detectable import Design
from agentlab.measure.evidence import guard_words
from agentlab.measure.gain_words import gain_words
from agentlab.measure.rules.rule import Case, Look, Reading
from agentlab.measure.t_test import is_above_zero

__all__ = ["Paired", "read_sequentially"]

_POPULATION = 60
"""So many tasks speak for others of their kind, and then what is kept must hold over tasks too.

Seeds tell what is true of the tasks at hand; an edit that suits some and harms others may be better
on these by the luck of their choice. It is asked at half the level, since it is asked after every
block. Fewer tasks could not tell: there it is about those alone."""


class Paired:
    """Keeps at `1 / alpha`, whatever was decided before."""

    halves = True
    is_test = True

    def __init__(self, given: PairedRule) -> None:
        self._given = given
        self.siblings = given.siblings
        self.worthwhile = given.worthwhile

    @property
    def looks(self) -> Sequence[Look]:
        """Blocks of fresh validation seeds."""
        return (Look(is_fresh=True),) * self._given.max_blocks

    def read(self, case: Case) -> Reading:
        """Returns what the evidence decides at alpha."""
        return read_sequentially(case, level=self._given.alpha, worthwhile=self.worthwhile)

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> Design:
        """Returns its looks, its level and when it gives up."""
        return Design(clusters_per_block, blocks, self._given.alpha, self.worthwhile)


def read_sequentially(case: Case, *, level: float, worthwhile: float) -> Reading:
    """Returns what an e-process decides.

    Args:
        case: What was seen, and how many looks are left.
        level: Chance of keeping what is no improvement.
        worthwhile: Improvement that must stay in reach.
    """
    evidence, gain = case.evidence, case.evidence.gain
    e_value, needed = math.exp(min(gain.log_e, 700.0)), math.log(1 / level)
    unshown = evidence.open_guards

    def reading(verdict: Verdict | None, reason: str, cause: Cause | None = None) -> Reading:
        return Reading(verdict, reason, e_value, gain.pairs, evidence.tested, cause)

    if broken := evidence.broken_guards:
        return reading(Verdict.DISCARDED, f"guard broken: {guard_words(broken)}", "guard")
    if gain.reach < worthwhile:
        return reading(
            Verdict.DISCARDED,
            f"an improvement of {worthwhile:g} in {gain.metric} is out of reach",
            "no better",
        )
    is_better = gain.log_e >= needed
    holds_over_tasks = gain.tasks.size < _POPULATION or is_above_zero(gain.tasks, alpha=level / 2)
    if is_better and not unshown and holds_over_tasks:
        return reading(Verdict.KEPT, f"{gain_words(evidence)} (e = {e_value:,.0f})")
    if case.looks_left and (is_better or gain.log_e_in_reach(case.looks_left) >= needed):
        return reading(None, "more blocks are needed")
    if is_better and not unshown:
        return reading(
            Verdict.UNDECIDED,
            "better on these tasks, but too unlike from task to task for others",
            "noise",
        )
    if is_better:
        return reading(
            Verdict.UNDECIDED,
            f"better, but the guard is not shown: {guard_words(unshown)}",
            "guard",
        )
    ended = "; more blocks would not show it" if case.looks_left else ""
    return reading(
        Verdict.UNDECIDED,
        f"e = {e_value:.3g} of {1 / level:,.3g} after {counted(gain.pairs, 'pair')}: "
        f"neither shown nor ruled out{ended}",
        "noise",
    )
