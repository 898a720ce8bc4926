"""Which model makes the next proposal."""

from __future__ import annotations

import random
from collections import Counter

from agentlab.core.attempt import Attempt
from agentlab.core.decision import Decision, Verdict
from agentlab.meta.coding.models import choose_model


def history(
    **models: tuple[int, int, float],
) -> tuple[list[Attempt], list[Decision]]:
    """Returns so many attempts of each model, of which so many were kept, at that price each."""
    attempts: list[Attempt] = []
    decisions: list[Decision] = []
    for model, (tries, kept, cost_usd) in models.items():
        for place in range(tries):
            number = len(decisions) + 1
            attempts.append(Attempt(source="coding", model=model, number=number, cost_usd=cost_usd))
            decisions.append(
                Decision(
                    number=number,
                    candidate="c",
                    incumbent="i",
                    source="coding",
                    label="",
                    verdict=Verdict.KEPT if place < kept else Verdict.DISCARDED,
                    stage="gate" if place < kept else "halving",
                    reason="",
                )
            )
    return attempts, decisions


def shares(attempts: list[Attempt], decisions: list[Decision]) -> Counter[str]:
    draws = (
        choose_model(("a", "b"), attempts, decisions, random.Random(seed)) for seed in range(300)
    )
    return Counter(draws)


def test_each_is_tried_once_before_one_is_tried_again() -> None:
    assert choose_model(("a", "b"), [], [], random.Random(1)) == "a"
    tried = [Attempt(source="coding", model="a")]
    assert choose_model(("a", "b"), tried, [], random.Random(1)) == "b"


def test_the_one_that_gains_more_is_asked_more() -> None:
    found = shares(*history(a=(12, 8, 0.1), b=(12, 0, 0.1)))

    assert found["a"] > 0.9 * 300


def test_of_two_that_gain_as_much_the_cheaper_is_asked_more_and_the_other_not_never() -> None:
    found = shares(*history(a=(10, 3, 1.0), b=(10, 3, 0.05)))

    assert 0.6 * 300 < found["b"] < 300


def test_one_that_costs_more_is_worth_it_where_only_it_gains() -> None:
    found = shares(*history(a=(12, 9, 0.5), b=(12, 0, 0.05)))

    assert found["a"] > 0.7 * 300


def test_attempts_that_came_to_nothing_count_against_a_model() -> None:
    attempts, decisions = history(a=(6, 1, 0.1), b=(6, 1, 0.1))
    attempts += [Attempt(source="coding", model="b", failure="no tool", cost_usd=0.1)] * 20

    assert shares(attempts, decisions)["a"] > 0.75 * 300


def test_it_is_a_function_of_the_log_and_the_seed() -> None:
    log = history(a=(3, 1, 0.1), b=(4, 1, 0.2))
    drawn = {choose_model(("a", "b"), *log, random.Random(5)) for _ in range(10)}

    assert len(drawn) == 1
