"""Each rule of the table, by a case made for it; what the others need is made not to hold."""

from __future__ import annotations

from typing import Any

import pytest

from agentlab.core.ceiling import Bounds, Plateau, Stretch, Unsolved
from agentlab.core.result import Detectable
from agentlab.measure.ceiling_rules import (
    RULES,
    CeilingCase,
    first_that_holds,
    never_solved,
    percent,
    top_of,
)
from agentlab.measure.plateau import chance_of_next, stretch_needed
from tests.measure.decided import estimate

FLAT = stretch_needed(0)
"""36 proposals."""


def stretch(proposals: int) -> Stretch:
    chance = chance_of_next(proposals, 0)
    return Stretch(proposals=proposals, chance=chance, is_flat=chance <= 0.1)


def plateau(
    numbers: int = FLAT, structure: int = FLAT, *, gates: tuple[int, int] = (0, 0)
) -> Plateau:
    return Plateau(
        kept=0,
        all=stretch(numbers + structure),
        numbers=stretch(numbers),
        structure=stretch(structure),
        at_gate=gates[0],
        open_at_gate=gates[1],
        missed=0.05,
        is_relative=False,
    )


def never(task: str) -> Unsolved:
    return Unsolved(task=task, split="train", trials=90, seeds=9, is_never=True)


def seen(improvement: float | None) -> Detectable:
    return Detectable(metric="success", improvement=improvement, is_relative=False, pairs=240)


def case(**changes: Any) -> CeilingCase:
    """Returns a case for which only the last rule holds: 0.7 solved, all flat, nothing known."""
    flat = CeilingCase(
        bounds=Bounds(winner=estimate(0.7), tasks=12),
        plateau=plateau(),
        detectable=seen(0.05),
        compared=72,
        is_success=True,
        has_numbers=True,
    )
    return flat._replace(**changes)


def verdict_of(asked: CeilingCase) -> tuple[str, str]:
    spoken = first_that_holds(asked)
    return spoken.rule.name, spoken.rule.verdict


def test_the_table_has_an_end_that_always_holds() -> None:
    assert verdict_of(case()) == ("flat", "you can stop tuning this")
    assert "72 edits without a keep" in first_that_holds(case()).reason
    assert len({rule.name for rule in RULES}) == len(RULES) == 9
    assert {rule.verdict for rule in RULES} == {
        "keep going",
        "noise-limited",
        "benchmark saturated",
        "parametric ceiling",
        "architectural ceiling",
        "you can stop tuning this",
    }


def test_where_nothing_was_compared_nothing_is_known() -> None:
    assert verdict_of(case(compared=0)) == ("nothing compared", "keep going")


@pytest.mark.parametrize(
    ("winner", "oracle", "is_saturated"),
    [
        # Holds 1.0, begins at 0.91.
        (estimate(0.96), None, True),
        # Holds 1.0, but might be 0.88.
        (estimate(0.94, 0.06), None, False),
        # Begins at 0.91, but 1.0 is ruled out.
        (estimate(0.94, 0.03), None, False),
        # The oracle itself solves 0.8.
        (estimate(0.78), 0.8, True),
        (estimate(0.9), 0.8, True),
        (estimate(0.7), 0.8, False),
        (None, None, False),
    ],
)
def test_a_benchmark_is_saturated_where_the_winner_is_at_the_top(
    winner: Any, oracle: float | None, is_saturated: bool
) -> None:
    asked = case(bounds=Bounds(winner=winner, oracle=oracle, tasks=12))
    assert (verdict_of(asked)[1] == "benchmark saturated") is is_saturated


@pytest.mark.parametrize(
    ("improvement", "oracle", "is_limited"),
    [
        (None, None, True),
        # 1 - 0.7 is left, and half of it is 0.15.
        (0.16, None, True),
        (0.14, None, False),
        # 0.9 - 0.7 is left, and half of it is 0.1.
        (0.14, 0.9, True),
    ],
)
def test_a_gate_that_sees_less_than_is_left_is_limited_by_noise(
    improvement: float | None, oracle: float | None, is_limited: bool
) -> None:
    bounds = Bounds(winner=estimate(0.7), oracle=oracle, tasks=12)
    asked = case(bounds=bounds, detectable=seen(improvement))
    assert (verdict_of(asked) == ("out of sight", "noise-limited")) is is_limited


@pytest.mark.parametrize(
    ("gates", "is_limited"), [((3, 3), True), ((6, 3), True), ((7, 3), False), ((2, 2), False)]
)
def test_a_gate_that_mostly_cannot_say_is_limited_by_noise(
    gates: tuple[int, int], is_limited: bool
) -> None:
    asked = case(plateau=plateau(gates=gates))
    assert (verdict_of(asked) == ("undecided", "noise-limited")) is is_limited


def test_what_was_found_apart_is_a_reason_to_go_on_though_all_is_flat() -> None:
    def with_lead(value: float, half: float) -> CeilingCase:
        lead = estimate(value, half)
        return case(bounds=Bounds(winner=estimate(0.7), best_per_task_lead=lead, tasks=12))

    assert verdict_of(with_lead(0.2, 0.1)) == ("found apart", "keep going")
    assert verdict_of(with_lead(0.2, 0.3))[0] == "flat"
    assert verdict_of(with_lead(0.2, 0.1)._replace(is_success=False))[0] == "flat"


def test_numbers_are_done_where_they_are_flat_and_the_rest_is_not() -> None:
    done = case(plateau=plateau(numbers=FLAT, structure=FLAT - 1))
    assert verdict_of(done) == ("numbers are done", "parametric ceiling")
    assert verdict_of(case(plateau=plateau(numbers=FLAT, structure=0)))[1] == "parametric ceiling"
    assert verdict_of(case(plateau=plateau(numbers=FLAT - 1, structure=0)))[1] == "keep going"


def test_without_a_plateau_one_goes_on() -> None:
    asked = case(plateau=plateau(numbers=3, structure=FLAT - 1))
    assert verdict_of(asked) == ("not flat", "keep going")
    assert f"keep: {FLAT - 1}; {FLAT} in a row" in first_that_holds(asked).reason


def test_numbers_that_were_not_moved_are_a_reason_to_go_on_only_if_there_are_any() -> None:
    untouched = case(plateau=plateau(numbers=5))
    assert verdict_of(untouched) == ("not flat", "keep going")
    assert verdict_of(untouched._replace(has_numbers=False))[0] == "flat"


def test_a_flat_search_below_what_is_known_to_be_possible_is_at_an_architectural_ceiling() -> None:
    below = Bounds(winner=estimate(0.7), oracle=0.9, tasks=12)
    hard = Bounds(
        winner=estimate(0.7),
        tasks=12,
        unsolved=(never("a"),),
    )
    for bounds in (below, hard):
        assert verdict_of(case(bounds=bounds)) == ("more is possible", "architectural ceiling")
        assert verdict_of(case(bounds=bounds, is_success=False))[0] == "flat"
    assert "1 of 12 tasks" in first_that_holds(case(bounds=hard)).reason


def test_a_task_that_may_have_had_bad_luck_is_not_one_that_was_never_solved() -> None:
    bounds = Bounds(
        winner=estimate(0.7),
        unsolved=(
            never("a").model_copy(update={"is_never": False}),
            never("b"),
        ),
    )
    assert [task.task for task in never_solved(bounds)] == ["b"]
    rarely = bounds.model_copy(update={"unsolved": bounds.unsolved[:1]})
    assert verdict_of(case(bounds=rarely))[0] == "flat"


def test_an_oracle_within_the_winners_interval_promises_nothing() -> None:
    # 0.74 is within 0.7 +- 0.15, which begins too low to call it saturated.
    bounds = Bounds(winner=estimate(0.7, 0.15), oracle=0.74, tasks=12)
    assert verdict_of(case(bounds=bounds, detectable=seen(0.01)))[0] == "flat"
    assert top_of(bounds) == 0.74


def test_another_metric_than_success_has_no_top() -> None:
    bounds = Bounds(winner=estimate(0.98, 0.03), tasks=12)
    assert verdict_of(case(bounds=bounds, is_success=False))[0] == "flat"
    limited = case(bounds=bounds, is_success=False, detectable=seen(None))
    assert verdict_of(limited) == ("out of sight", "noise-limited")


def test_a_rule_that_is_no_test_could_not_have_missed_anything_that_is_known() -> None:
    assert verdict_of(case(detectable=None))[0] == "flat"


def test_shares_are_told_without_false_digits() -> None:
    assert (percent(1.0), percent(0.39), percent(0.004)) == ("100 %", "39 %", "0.4 %")
