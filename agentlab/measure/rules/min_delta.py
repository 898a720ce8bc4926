"""The rule `min_delta`: keep whatever scored higher by enough. No test."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Verdict
from agentlab.core.objective import MinDeltaRule
from agentlab.measure.rules.greedy import NO_TEST, is_higher, untested
from agentlab.measure.rules.rule import Case, Look, Reading

__all__ = ["MinDelta"]


class MinDelta:
    """Keeps a candidate that scored higher by `delta` than the incumbent on the same block."""

    siblings = 1
    halves = False
    is_test = False
    worthwhile = 0.0
    looks: Sequence[Look] = (Look(),)

    def __init__(self, given: MinDeltaRule) -> None:
        self._given = given

    def read(self, case: Case) -> Reading:
        """Returns whether it scored higher by enough."""
        is_kept = is_higher(case, by=self._given.delta)
        how = f"{self._given.delta:g} is asked; {NO_TEST}"
        return untested(case, Verdict.KEPT if is_kept else Verdict.DISCARDED, how)

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> None:
        """Returns nothing: what is no test sees nothing."""
