"""Intervals over clusters: honest at the edges, right in coverage."""

from __future__ import annotations

import numpy as np
import pytest

from agentlab.core.decision import Estimate
from agentlab.measure.intervals import (
    mean_interval,
    paired_share_interval,
    ratio_interval,
    share_interval,
)


def test_student_interval_of_a_hand_computed_case() -> None:
    # mean 2, sd 1, n 3: half width 4.3027 / sqrt(3) = 2.484.
    interval = mean_interval(np.array([1.0, 2.0, 3.0]))
    assert interval.estimate == 2.0
    assert interval.high - 2.0 == pytest.approx(2.484, rel=0.02)


def test_all_solved_still_has_a_width() -> None:
    interval = share_interval(np.ones(60))
    assert interval.low < 0.95
    assert interval.high == 1.0


def test_no_difference_at_all_still_has_a_width() -> None:
    interval = paired_share_interval(np.zeros(60))
    assert interval.low < 0 < interval.high


@pytest.mark.parametrize("truth", [0.05, 0.5, 0.95])
def test_share_interval_covers_the_truth_in_95_percent(truth: float) -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(600):
        interval = share_interval((generator.random(80) < truth).astype(float))
        covered += interval.low <= truth <= interval.high
    assert covered / 600 >= 0.93


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.4])
def test_paired_interval_covers_the_truth_in_95_percent(effect: float) -> None:
    generator = np.random.default_rng(4)
    covered = 0
    probabilities = [0.1, 0.9 - 0.1 - effect, 0.1 + effect]
    for _ in range(600):
        differences = generator.choice(
            np.array([-1.0, 0.0, 1.0]),
            p=[*probabilities[:1], 1 - probabilities[0] - probabilities[2], probabilities[2]],
            size=100,
        )
        interval = paired_share_interval(differences)
        covered += interval.low <= effect <= interval.high
    assert covered / 600 >= 0.93


def test_ratio_is_sum_over_sum() -> None:
    interval = ratio_interval(np.array([10.0, 30.0]), np.array([1.0, 3.0]))
    assert interval is not None
    assert interval.estimate == 10.0
    assert interval.low == pytest.approx(10.0)


def test_a_ratio_to_few_solved_is_uncertain_and_above_zero() -> None:
    interval = ratio_interval(np.full(60, 500.0), np.eye(1, 60)[0])
    assert interval is not None
    assert 0 < interval.low < interval.estimate / 4
    assert interval.high > 4 * interval.estimate


def test_a_ratio_of_nothing_is_zero() -> None:
    interval = ratio_interval(np.zeros(3), np.ones(3))
    assert interval == Estimate(estimate=0, low=0, high=0)


def test_ratio_over_nothing_solved_is_unknown() -> None:
    assert ratio_interval(np.array([10.0]), np.array([0.0])) is None
