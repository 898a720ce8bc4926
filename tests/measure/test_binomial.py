"""Exact counts: checked against sums by hand and against the definition."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.measure.binomial import chance_of, exact_interval


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 200, 0.0, 0.01828), (3, 200, 0.00310, 0.04320), (5, 5, 0.4782, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_the_one_of_the_tables(
    count: int, of: int, low: float, high: float
) -> None:
    found = exact_interval(count, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 60), st.data())
def test_at_its_ends_so_many_or_so_few_have_a_chance_of_a_fortieth(
    of: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, of))
    found = exact_interval(count, of)
    assert found.low <= found.estimate <= found.high
    if count:
        assert chance_of(count, [found.low] * of) == pytest.approx(0.025, rel=1e-6)
    if count < of:
        few = 1 - chance_of(count + 1, [found.high] * of)
        assert few == pytest.approx(0.025, rel=1e-6)


@given(st.integers(0, 12), st.integers(0, 12), st.floats(0.01, 0.99))
def test_with_equal_levels_it_is_the_tail_of_the_binomial(
    at_least: int, of: int, level: float
) -> None:
    tail = sum(
        math.comb(of, count) * level**count * (1 - level) ** (of - count)
        for count in range(at_least, of + 1)
    )
    assert chance_of(at_least, [level] * of) == pytest.approx(tail)


def test_levels_may_differ() -> None:
    assert chance_of(1, [0.1, 0.5]) == pytest.approx(1 - 0.9 * 0.5)
    assert chance_of(2, [0.1, 0.5]) == pytest.approx(0.05)
    assert chance_of(3, [0.1, 0.5]) == 0.0


def test_thousands_are_no_matter() -> None:
    assert exact_interval(20, 4000).high == pytest.approx(0.00771, abs=1e-4)
    assert 0 < chance_of(40, [0.005] * 4000) < 1e-4
