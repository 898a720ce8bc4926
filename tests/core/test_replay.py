"""Decisions beside each other."""

from __future__ import annotations

from agentlab.core.decision import Decision, Verdict
from agentlab.core.replay import ReplayedDecision

BEFORE = Decision(
    number=1, candidate="a", incumbent="0", source="s", label="l", verdict=Verdict.KEPT,
    stage="gate", reason="r", e_value=2.0, trials=5,
)  # fmt: skip


def beside(**changes: object) -> ReplayedDecision:
    return ReplayedDecision(number=1, before=BEFORE, after=BEFORE.model_copy(update=changes))


def test_the_same_is_what_was_decided_of_what_against_what_and_how_far_along() -> None:
    assert beside(e_value=3.0).is_same
    assert not beside(verdict=Verdict.UNDECIDED).is_same
    assert not beside(incumbent="1").is_same
    assert not ReplayedDecision(number=1, before=BEFORE, after=None).is_same


def test_exact_is_all_of_it_but_what_it_cost() -> None:
    assert beside(trials=9).is_exact
    assert not beside(e_value=2.0000001).is_exact
    assert not ReplayedDecision(number=1, before=BEFORE, after=None).is_exact
