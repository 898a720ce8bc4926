"""The e-process: valid whenever one looks, powerful where the effect is real."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.measure.e_process import EProcess, log_e_value

values = st.lists(st.floats(-1, 1), min_size=1, max_size=60).map(np.array)


def test_ten_wins_and_no_loss_are_evidence_at_one_percent() -> None:
    assert math.exp(log_e_value(np.ones(10))) >= 100


def test_six_wins_and_no_loss_are_not() -> None:
    assert math.exp(log_e_value(np.ones(6))) < 100


def test_ties_say_nothing_about_an_improvement() -> None:
    assert log_e_value(np.zeros(500)) == pytest.approx(0.0)


def test_ties_are_evidence_of_non_inferiority() -> None:
    assert math.exp(log_e_value(np.zeros(100), margin=0.05)) > 20


def test_wealth_of_a_hand_computed_case() -> None:
    # One win: the mean of 1 + bet over the grid 0.01 .. 0.99 is 1.5.
    assert math.exp(log_e_value(np.array([1.0]))) == pytest.approx(1.5)


@given(values)
def test_order_does_not_matter(improvements: np.ndarray) -> None:
    assert log_e_value(improvements) == pytest.approx(log_e_value(improvements[::-1]))


@given(values, st.floats(-1, 1), st.floats(0, 1))
def test_a_better_cluster_never_lowers_the_evidence(
    improvements: np.ndarray, value: float, more: float
) -> None:
    better = min(1.0, value + more)
    assert log_e_value(np.append(improvements, better)) >= (
        log_e_value(np.append(improvements, value)) - 1e-9
    )


def test_looking_after_every_cluster_rejects_a_true_null_less_often_than_alpha() -> None:
    generator = np.random.default_rng(7)
    rejected = 0
    for _ in range(400):
        differences = generator.choice(np.array([-1.0, 0.0, 1.0]), p=[0.2, 0.6, 0.2], size=120)
        rejected += any(
            log_e_value(differences[:seen]) >= math.log(20) for seen in range(10, 121, 10)
        )
    # The bound is 20 of 400; a binomial with p = 0.05 stays below 32 in 99.5 %.
    assert rejected < 32


def test_a_true_effect_of_ten_points_is_found() -> None:
    generator = np.random.default_rng(8)
    found = 0
    for _ in range(100):
        differences = generator.choice(np.array([-1.0, 0.0, 1.0]), p=[0.05, 0.80, 0.15], size=400)
        found += log_e_value(differences) >= math.log(100)
    assert found > 80


@given(values, values)
def test_what_was_bet_on_need_not_be_bet_on_again(first: np.ndarray, then: np.ndarray) -> None:
    grown = EProcess(0.05).after(first).after(then)
    assert grown.log_e == pytest.approx(log_e_value(np.concatenate([first, then]), margin=0.05))


def test_a_process_is_a_value() -> None:
    empty = EProcess()
    assert empty.after(np.ones(5)).log_e > 0
    assert empty.log_e == pytest.approx(0.0)


def test_what_is_expected_is_about_what_comes() -> None:
    generator = np.random.default_rng(5)
    shares = [0.15, 0.75, 0.10]
    came = [log_e_value(generator.choice([1.0, 0.0, -1.0], 400, p=shares)) for _ in range(200)]
    expected = EProcess().log_e_expected(0.05, math.sqrt(0.25 - 0.05**2), 400)
    assert expected == pytest.approx(np.mean(came), abs=0.5)
