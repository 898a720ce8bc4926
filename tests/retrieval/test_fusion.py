"""Rankings of different scales become one."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval import fusion
from agentlab.retrieval.fusion import reciprocal_ranks, z_scores
from agentlab.retrieval.search import Scores

SCORES = st.lists(st.integers(-50, 50), min_size=2, max_size=20)


def array(values: list[int]) -> Scores:
    return np.array(values, dtype=np.float32)


@given(SCORES)
def test_standardised_scores_forget_scale_and_origin(values: list[int]) -> None:
    fused = z_scores(array(values))

    assert np.allclose(fused, z_scores(array(values) * 8 + 3), atol=1e-4)
    assert float(fused.mean()) == pytest.approx(0, abs=1e-4)
    assert float(fused.std()) == pytest.approx(1 if len(set(values)) > 1 else 0, abs=1e-4)


def test_each_query_is_standardised_by_itself() -> None:
    rows = np.array([[1, 2, 3], [50, 0, 10], [4, 4, 4]], dtype=np.float32)

    assert np.allclose(z_scores(rows), [z_scores(row) for row in rows])


def test_equal_scores_say_nothing() -> None:
    assert z_scores(np.full(7, 0.1, dtype=np.float32)).tolist() == [0] * 7
    assert z_scores(array([])).tolist() == []


@given(SCORES)
def test_ranks_alone_count(values: list[int]) -> None:
    fused = reciprocal_ranks([array(values)])

    assert np.argsort(-fused, kind="stable").tolist() == (
        np.argsort(-array(values), kind="stable").tolist()
    )
    assert fused.max() == pytest.approx(1 / 61)


def test_what_both_rankings_like_wins() -> None:
    fused = reciprocal_ranks([array([9, 8, 1]), array([1, 8, 9])])

    assert fused[1] > fused[0] - 1e-4
    assert reciprocal_ranks([array([9, 8, 1]), array([1, 9, 2])]).argmax() == 1


def test_the_examples_are_true() -> None:
    assert doctest.testmod(fusion).failed == 0
