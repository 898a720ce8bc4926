"""The rule `confirm`: keep whatever scored higher, and higher again. No test."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Verdict
from agentlab.measure.rules.greedy import is_higher, untested
from agentlab.measure.rules.rule import Case, Look, Reading

__all__ = ["Confirm"]


class Confirm:
    """Keeps a candidate that scored higher than the incumbent on each of two blocks."""

    siblings = 1
    halves = False
    is_test = False
    worthwhile = 0.0
    looks: Sequence[Look] = (Look(), Look())

    def read(self, case: Case) -> Reading:
        """Returns whether it scored higher; the first time, that it is to be looked at again."""
        if not is_higher(case):
            return untested(case, Verdict.DISCARDED, "no test")
        return untested(case, None if case.looks_left else Verdict.KEPT, "two looks, no test")

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> None:
        """Returns nothing: what is no test sees nothing."""
