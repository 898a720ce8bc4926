"""The nearest documents, in an order that does not depend on chance."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.retrieval import search
from agentlab.retrieval.embedders.embedder import Matrix, normalised
from agentlab.retrieval.search import Found, Scores, VectorIndex, top


def vectors(count: int, *, dimensions: int = 192, seed: int = 1) -> Matrix:
    """Returns vectors that lie along some directions more than along others, as texts' do."""
    draw = np.random.default_rng(seed)
    spread = 1 / np.sqrt(np.arange(1, dimensions + 1))
    return normalised((draw.normal(size=(count, dimensions)) * spread).astype(np.float32))


@given(st.lists(st.integers(-3, 3), max_size=30), st.integers(0, 40))
def test_the_highest_come_first_and_of_equal_ones_the_earliest(values: list[int], k: int) -> None:
    expected = sorted(range(len(values)), key=lambda place: (-values[place], place))[:k]
    found = top(np.array(values, dtype=np.float32), k)

    assert found.places.tolist() == expected
    assert found.scores.tolist() == [values[place] for place in expected]


def test_few_documents_are_searched_exactly() -> None:
    documents, query = vectors(300), vectors(1, seed=2)[0]
    index = VectorIndex(documents)

    assert np.allclose(index.scores(query), documents @ query)
    assert np.allclose(index.scores(documents[:2]), documents[:2] @ documents.T, atol=1e-6)
    assert index.best(query, 5).places.tolist() == np.argsort(-(documents @ query))[:5].tolist()


def test_many_are_narrowed_first_and_almost_none_is_missed() -> None:
    documents, queries = vectors(4000), vectors(50, seed=2)
    exact, narrowed = VectorIndex(documents), VectorIndex(documents, exact_up_to=1000)

    found = [(exact.best(query, 10), narrowed.best(query, 10)) for query in queries]
    shared = [len(set(a.places.tolist()) & set(b.places.tolist())) for a, b in found]
    assert np.mean(shared) > 9.8
    for query in queries[:3]:
        best = narrowed.best(query, 10)
        assert best.scores.tolist() == pytest.approx((documents @ query)[best.places].tolist())
        assert (np.diff(best.scores) <= 0).all()


def test_narrowing_looks_in_full_at_fewer_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(scores: Scores, k: int) -> Found:
        asked.append(len(scores))
        return top(scores, k)

    monkeypatch.setattr(search, "top", counting)
    index = VectorIndex(vectors(4000), exact_up_to=1000)
    index.best(vectors(1)[0], 10)

    assert asked == [4000, 2000]


def test_an_empty_index_finds_nothing() -> None:
    assert (
        VectorIndex(np.empty((0, 8), dtype=np.float32)).best(vectors(1)[0][:8], 3).places.size == 0
    )


def test_the_examples_are_true() -> None:
    assert doctest.testmod(search).failed == 0
