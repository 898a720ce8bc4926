"""What of a gain is left where nobody has been."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentlab.core.decision import Estimate
from agentlab.core.result import SplitScores
from agentlab.measure.survival import gap, ratio, survival_of


def estimate(value: float, half: float) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half)


ESTIMATES = st.builds(estimate, st.floats(-1, 1), st.floats(0.001, 0.5))


def test_an_overfit_gain_of_20_points_that_becomes_a_loss_of_14() -> None:
    change = SplitScores(
        train={"success": estimate(0.2, 0.05)}, test={"success": estimate(-0.14, 0.05)}
    )
    found = survival_of("success", change, SplitScores(), seen_on="train")

    assert found is not None
    assert found.gap.estimate == pytest.approx(-0.34)
    assert found.gap.high == pytest.approx(-0.34 + math.hypot(0.05, 0.05))
    assert found.share is not None
    assert found.share.estimate == pytest.approx(-0.7)
    assert found.share.high < 0


def test_what_is_spent_is_compared_where_both_solve() -> None:
    change = SplitScores(
        train={"context_tokens": estimate(9, 1)}, test={"context_tokens": estimate(9, 1)}
    )
    both = SplitScores(
        train={"context_tokens": estimate(-40, 4)}, test={"context_tokens": estimate(-20, 4)}
    )
    found = survival_of("context_tokens", change, both, seen_on="train")

    assert found is not None
    assert (found.seen.estimate, found.unseen.estimate) == (-40, -20)
    assert found.share is not None
    assert found.share.estimate == 0.5


def test_what_was_not_measured_on_both_sides_has_no_survival() -> None:
    change = SplitScores(test={"success": estimate(0.1, 0.05)})

    assert survival_of("success", change, change, seen_on="train") is None
    assert survival_of("mrr", change, change, seen_on="validation") is None


@given(ESTIMATES, ESTIMATES)
def test_the_gap_is_wider_than_either_side_and_turns_with_them(
    one: Estimate, two: Estimate
) -> None:
    found, turned = gap(one, two), gap(two, one)

    assert found.low <= found.estimate <= found.high
    assert found.high - found.low >= max(one.high - one.low, two.high - two.low) - 1e-12
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@given(ESTIMATES, ESTIMATES)
def test_a_share_is_told_where_there_is_something_to_share(one: Estimate, two: Estimate) -> None:
    assume(abs(two.estimate) > 1e-6)
    found = ratio(one, two)

    assert (found is None) == (two.low <= 0 <= two.high)
    if found is not None:
        assert found.low <= found.estimate <= found.high
        # The share may be 0 just where the gain on unseen groups may be.
        assert (found.low <= 0 <= found.high) == (one.low <= 0 <= one.high) or math.isclose(
            min(abs(one.low), abs(one.high)), 0, abs_tol=1e-9
        )
