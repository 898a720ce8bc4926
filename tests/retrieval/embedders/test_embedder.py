"""Vectors have length 1."""

from __future__ import annotations

import doctest

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval.embedders import embedder
from agentlab.retrieval.embedders.embedder import normalised


@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_rows_get_length_one_and_zeros_stay(rows: list[list[int]]) -> None:
    vectors = normalised(np.array(rows, dtype=np.float32))

    assert vectors.dtype == np.float32
    expected = [1.0 if any(row) else 0.0 for row in rows]
    assert np.allclose(np.linalg.norm(vectors, axis=1), expected, atol=1e-6)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(embedder, extraglobs={"np": np}).failed == 0
