"""Where to try next: which numbers move, how far, and what is learnt of it."""

from __future__ import annotations

import itertools
import math
import random
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from agentlab.meta.numeric.evolution import Number, Told, moved, proposals

NUMBERS: dict[str, Number] = {"few": 3, "rate": 0.25, "many": 200, "shift": -1.5}


def first(count: int, *told: Told, seed: int = 1, parent: str = "p") -> list[dict[str, Number]]:
    return list(itertools.islice(proposals(parent, NUMBERS, told, random.Random(seed)), count))


def changed(setting: dict[str, Number], before: dict[str, Number] = NUMBERS) -> set[str]:
    return {key for key, value in setting.items() if value != before[key]}


@given(
    value=st.one_of(
        st.integers(-1_000_000, 1_000_000), st.floats(-1e9, 1e9).filter(lambda x: abs(x) > 1e-9)
    ),
    doublings=st.floats(-8, 8),
    seed=st.integers(0, 99),
)
def test_a_number_keeps_kind_and_sign(value: Number, doublings: float, seed: int) -> None:
    found = moved(value, doublings, random.Random(seed))
    assert type(found) is type(value)
    assert math.isfinite(found)
    assert found
    assert value == 0 or (found > 0) == (value > 0)
    if isinstance(value, int):
        assert found != value, "an integer that is rounded back was not moved"


def test_a_zero_goes_both_ways() -> None:
    found = [moved(0.0, 0.0, random.Random(seed)) for seed in range(40)]
    assert min(found) < -0.01
    assert max(found) > 0.01


def test_most_proposals_move_few_numbers_and_some_move_all() -> None:
    sizes = [len(changed(setting)) for setting in first(400)]
    assert min(sizes) == 1
    assert max(sizes) == len(NUMBERS)
    assert sizes.count(1) > sizes.count(4) > 10


def test_the_best_setting_of_the_same_parent_is_gone_on_from() -> None:
    better = {**NUMBERS, "rate": 0.5}
    told = [Told("p", NUMBERS, better, 0.2), Told("p", NUMBERS, {**NUMBERS, "few": 9}, 0.1)]
    assert all(set(setting) == set(NUMBERS) for setting in first(50, *told))
    rates = [setting["rate"] for setting in first(100, *told)]
    assert rates.count(0.5) > 30
    assert rates.count(0.25) == 0
    elsewhere = [setting["rate"] for setting in first(100, *told, parent="q")]
    assert elsewhere.count(0.25) > 30


def test_steps_grow_with_success_and_shrink_without() -> None:
    def spread(*told: Told) -> float:
        found = first(400, *told)
        centre = told[-1].numbers["rate"] if told and told[-1].value > 0 else 0.25
        moves = [abs(math.log2(s["rate"] / centre)) for s in found if s["rate"] != centre]
        return fmean(moves)

    worse = [Told("p", NUMBERS, {**NUMBERS, "rate": 0.5 + n}, -0.1) for n in range(6)]
    better = [Told("p", NUMBERS, {**NUMBERS, "rate": 0.5 + n}, 0.1 + n) for n in range(6)]
    assert spread(*worse) < 0.7 * spread() < spread() < 0.7 * spread(*better)


def test_the_same_told_and_seed_give_the_same_proposals() -> None:
    told = Told("p", NUMBERS, {**NUMBERS, "rate": 0.5}, 0.2)
    assert first(9, told) == first(9, told)
    assert first(9, told) != first(9, told, seed=2)


def test_three_of_twelve_numbers_are_found() -> None:
    aims = {"a": 1.8, "b": 0.4, "c": 2.2}
    numbers: dict[str, Number] = dict.fromkeys("abcdefghijkl", 1.5)

    def far(setting: dict[str, Number]) -> float:
        return sum(abs(math.log2(setting[key] / aim)) for key, aim in aims.items())

    told: list[Told] = []
    for seed in range(25):
        generator = random.Random(seed)
        batch = list(itertools.islice(proposals("p", numbers, told, generator), 4))
        told += (Told("p", numbers, setting, far(numbers) - far(setting)) for setting in batch)
    best = max(told, key=lambda one: one.value).numbers
    assert far(dict(best)) < far(numbers) / 4
