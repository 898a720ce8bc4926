from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.decision import Estimate
from agentlab.report.format import difference, duration, figure, is_clear, with_interval

numbers = st.floats(-1e7, 1e7, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((0.6123, 0.551, 0.668), "0.61 [0.55, 0.67]"),
        ((0.6123, 0.6101, 0.6145), "0.612 [0.610, 0.615]"),
        ((12345.6, 11020.0, 13001.0), "12.3k [11.0k, 13.0k]"),
        ((0.00123, 0.0011, 0.00136), "0.0012 [0.0011, 0.0014]"),
        ((9.0, 9.0, 9.0), "9.00"),
        ((0.4, 0.4 - 1e-16, 0.4 + 1e-16), "0.400"),
        ((0.0, 0.0, 0.0), "0.00"),
    ],
)
def test_an_interval_is_shown_with_the_digits_that_it_bears(
    values: tuple[float, float, float], shown: str
) -> None:
    estimate, low, high = values
    assert with_interval(Estimate(estimate=estimate, low=low, high=high)) == shown


def test_a_difference_has_signs_and_zero_has_no_direction() -> None:
    assert difference(Estimate(estimate=-0.2, low=-0.31, high=0.1)) == "-0.20 [-0.31, +0.10]"
    assert difference(Estimate(estimate=0, low=0, high=0)) == "none"
    assert figure(-0.0004, 2, sign="+") == "+0.00"
    assert figure(-0.0004, 2) == "0.00"


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.1, 0.2, True), (-0.2, -0.1, True), (0.0, 1.0, False)]
)
def test_a_difference_is_clear_if_its_interval_leaves_out_zero(
    low: float, high: float, expected: bool
) -> None:
    assert is_clear(Estimate(estimate=(low + high) / 2, low=low, high=high)) is expected


@given(st.lists(numbers, min_size=3, max_size=3))
def test_any_estimate_can_be_shown(values: list[float]) -> None:
    low, middle, high = sorted(values)
    value = Estimate(estimate=middle, low=low, high=high)
    assert len(with_interval(value)) < 60
    assert len(difference(value)) < 60


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (42.4, "42 s"), (59.9, "1 min 0 s"), (3599.6, "1 h 0 min")],
)
def test_durations_are_in_their_two_largest_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
