"""The rule `greedy`: keep whatever scored higher. What most loops do; no test."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.counting import counted
from agentlab.core.decision import Cause, Verdict
from agentlab.measure.evidence import guard_words
from agentlab.measure.rules.rule import Case, Look, Reading

__all__ = ["NO_TEST", "Greedy", "is_higher", "untested"]

NO_TEST = "one look, no test"
"""What the record says of a decision that bounds no chance of being false."""

_ROUNDING = 1e-12
"""Scores nearer than this are the same, summed in another order."""


class Greedy:
    """Keeps a candidate that scored higher than the incumbent did on the same block."""

    siblings = 1
    halves = False
    is_test = False
    worthwhile = 0.0
    looks: Sequence[Look] = (Look(),)

    def read(self, case: Case) -> Reading:
        """Returns whether it scored higher."""
        is_kept = is_higher(case)
        return untested(case, Verdict.KEPT if is_kept else Verdict.DISCARDED, NO_TEST)

    def design(self, *, clusters_per_block: int, blocks: int, gates: int) -> None:
        """Returns nothing: what is no test sees nothing."""


def is_higher(case: Case, *, by: float = 0.0) -> bool:
    """Returns whether it did better on the latest block, and by so much at least."""
    gain = case.evidence.gain.latest
    return gain > _ROUNDING and gain >= by - _ROUNDING


def untested(case: Case, verdict: Verdict | None, how: str) -> Reading:
    """Returns the scores as they came, with what they decide unless a guard's score is too low.

    Args:
        case: What was seen.
        verdict: What the objective's score decides.
        how: What the record says of the way it was decided.
    """
    evidence = case.evidence
    gain = evidence.gain
    cause: Cause | None = "no better" if verdict is Verdict.DISCARDED else None
    too_low = [guard for guard, tally in evidence.guards.items() if tally.latest < -tally.margin]
    if too_low:
        verdict, cause = Verdict.DISCARDED, "guard"
        how = f"guard broken: {guard_words(too_low)}; {how}"
    reason = f"{gain.metric} {gain.latest:+.3g} on {counted(gain.pairs, 'pair')} ({how})"
    return Reading(verdict, reason, None, gain.pairs, evidence.tested, cause)
