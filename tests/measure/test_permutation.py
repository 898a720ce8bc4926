"""An exact permutation test on distances."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.measure.permutation import separation_p


def on_a_line(*places: float) -> list[list[float]]:
    return [[abs(one - other) for other in places] for one in places]


def test_groups_that_lie_wholly_apart_have_the_least_chance_there_is() -> None:
    apart = on_a_line(0.0, 0.1, 0.2, 0.3, 0.4, 9.0, 9.1, 9.2, 9.3, 9.4)

    # Two of the 252 deals: this one, and the same with its groups' names exchanged.
    assert separation_p(apart, 5) == pytest.approx(2 / 252)


def test_members_that_are_all_alike_say_nothing() -> None:
    assert separation_p(on_a_line(*[1.0] * 10), 5) == 1.0


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_it_is_a_chance_and_never_nothing(places: list[float]) -> None:
    assert 0 < separation_p(on_a_line(*places), 3) <= 1


def test_where_nothing_differs_it_is_small_no_more_often_than_it_says() -> None:
    draw = random.Random(1)
    found = [separation_p(on_a_line(*(draw.random() for _ in range(8))), 4) for _ in range(200)]

    assert sum(p <= 0.1 for p in found) / len(found) <= 0.16
