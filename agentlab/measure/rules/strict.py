"""The rule `strict`: `paired`, at levels that bound the share of false keeps over the run.

e-LOND (Xu and Ramdas, "Online multiple testing with e-values", AISTATS 2024): hypothesis t is
rejected at the level `fdr * gamma_t * (1 + rejections before t)`, where the gammas sum to at most
1. However the e-values depend on one another, the expected share of false rejections stays below
fdr.
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Decision
from agentlab.core.objective import StrictRule
from agentlab.measure.detectable import Design
from agentlab.measure.rules.paired import read_sequentially
from agentlab.measure.rules.rule import Case, Look, Reading

__all__ = ["Strict", "level_of"]

_FALL = 1.1
_SUM = 10.584448464950
"""Riemann's zeta at 1.1: the sum of `t ** -1.1` over all t."""


class Strict:
    """Keeps at levels that fall with every test and rise with every keep."""

    halves = True
    is_test = True

    def __init__(self, given: StrictRule) -> None:
        self._given = given
        self.siblings = given.siblings
        self.worthwhile = given.worthwhile

    @property
    def looks(self) -> Sequence[Look]:
        """Blocks of fresh validation seeds."""
        return (Look(is_fresh=True),) * self._given.max_blocks

    def read(self, case: Case) -> Reading:
        """Returns what the evidence decides at this candidate's level."""
        level = level_of(case.earlier, fdr=self._given.fdr)
        return read_sequentially(case, level=level, worthwhile=self.worthwhile)

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> Design:
        """Returns its looks, when it gives up, and the level that it comes to without a keep."""
        level = self._given.fdr * (gates + 1) ** -_FALL / _SUM
        return Design(clusters_per_block, blocks, level, self.worthwhile)


def level_of(earlier: Sequence[Decision], *, fdr: float) -> float:
    """Returns the level of the next candidate at the gate, a function of the decisions alone.

    >>> round(level_of([], fdr=0.1), 4)
    0.0094
    """
    gates = [decision for decision in earlier if decision.stage == "gate"]
    kept = sum(decision.is_passed for decision in gates)
    return float(fdr * (len(gates) + 1) ** -_FALL / _SUM * (kept + 1))
