"""What a run may spend."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.core.attempt import Attempt
from agentlab.core.trial import TrialRecord
from agentlab.search.budget import Budget, Spending

MakeRecord = Callable[..., TrialRecord]


def test_a_trial_counts_once_however_often_it_is_looked_at(make_record: MakeRecord) -> None:
    spending = Spending(Budget(trials=2), elapsed_s=lambda: 0.0)
    assert spending.add([make_record(key="a"), make_record(key="a")]) == 1
    assert spending.add([make_record(key="a")]) == 0
    assert (spending.trials, spending.cost_usd, spending.tokens) == (1, 0.5, 10)


@pytest.mark.parametrize(
    ("budget", "name"),
    [
        (Budget(candidates=3), "candidates"),
        (Budget(trials=1), "trials"),
        (Budget(cost_usd=0.5), "cost_usd"),
        (Budget(tokens=10), "tokens"),
        (Budget(wall_s=60), "wall_s"),
    ],
)
def test_each_cap_ends_the_search(make_record: MakeRecord, budget: Budget, name: str) -> None:
    spending = Spending(budget, elapsed_s=lambda: 50.0)
    assert spending.reached(reserve_s=0) is None
    spending.add([make_record()])
    spending.candidates = 3
    assert spending.reached(reserve_s=20) == name
    assert spending.share() > 0.8


def test_without_caps_nothing_ends() -> None:
    spending = Spending(Budget(), elapsed_s=lambda: 1e9)
    assert spending.reached(reserve_s=1e9) is None
    assert spending.share() == 0.0


@pytest.mark.parametrize(
    ("cap", "asked", "left"), [(None, 90, 4), (5, 0, 4), (5, 4, 1), (5, 5, 0), (5, 8, 0)]
)
def test_no_more_is_asked_for_than_the_budget_holds(cap: int | None, asked: int, left: int) -> None:
    spending = Spending(Budget(candidates=cap), elapsed_s=lambda: 0.0)
    assert spending.proposals_left(asked, at_most=4) == left


def test_a_part_of_a_cap_may_be_asked_for_and_proposals_left_out(make_record: MakeRecord) -> None:
    spending = Spending(Budget(trials=10, candidates=3), elapsed_s=lambda: 0.0)
    spending.add([make_record(key=str(number)) for number in range(5)])
    assert spending.reached(reserve_s=0) is None
    assert spending.reached(reserve_s=0, part=0.5) == "trials"
    spending.candidates = 3
    assert spending.reached(reserve_s=0) == "candidates"
    assert spending.reached(reserve_s=0, counts_proposals=False) is None


def test_what_a_proposal_took_beside_its_trials_is_paid(make_record: MakeRecord) -> None:
    spending = Spending(Budget(trials=9, cost_usd=2.0, candidates=4), elapsed_s=lambda: 0.0)
    spending.add([make_record(key="a")])
    spending.add_attempt(Attempt(source="coding", probes=("p", "p"), cost_usd=0.25, tokens=7))

    assert (spending.trials, spending.cost_usd, spending.tokens) == (2, 0.75, 17)
    assert spending.left() == {"candidates": 4, "trials": 7, "cost_usd": 1.25}
