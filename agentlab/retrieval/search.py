"""The documents that are nearest to a query: by all their vectors, or narrowed first."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentlab.retrieval.embedders.embedder import Matrix

__all__ = ["Found", "Scores", "VectorIndex", "top"]

Scores: TypeAlias = NDArray[np.float32]
"""One number for each document; higher is better."""

_DIRECTIONS = 128
_POOL = 20
"""So many times as many documents as are asked for pass the narrow search, and at least 2,000."""


class Found(NamedTuple):
    """The best documents, the best first."""

    places: NDArray[np.intp]
    """Where each stands among the documents."""

    scores: Scores


def top(scores: Scores, k: int) -> Found:
    """Returns the k highest scores; of equal ones those that stand first.

    >>> top(np.array([0.5, 0.9, 0.5, 0.5], dtype=np.float32), 2).places.tolist()
    [1, 0]
    """
    k = min(k, len(scores))
    if k <= 0:
        return Found(np.empty(0, dtype=np.intp), scores[:0])
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[: k - len(above)]
    places = np.concatenate((above, equal))
    places = places[np.lexsort((places, -scores[places]))]
    return Found(places, scores[places])


class VectorIndex:
    """Vectors of documents, searched by their product with that of a query.

    Up to `exact_up_to` documents all are looked at. Of more, each is first looked at in the 128
    directions in which the documents differ most, and only those that are near there in full: two
    passes over less memory, no package, the same answer each time.
    """

    def __init__(self, vectors: Matrix, *, exact_up_to: int = 30_000) -> None:
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._directions: Matrix | None = None
        if len(vectors) > exact_up_to and vectors.shape[1] > _DIRECTIONS:
            _, directions = np.linalg.eigh(self._vectors.T @ self._vectors)
            self._directions = np.ascontiguousarray(directions[:, -_DIRECTIONS:])
            self._narrow = self._vectors @ self._directions

    def scores(self, query: Matrix) -> Scores:
        """Returns the product of a query's vector, `[dimensions]`, with each document's.

        Of several, `[queries, dimensions]`, the scores are `[queries, documents]`.
        """
        return np.asarray(query @ self._vectors.T, dtype=np.float32)

    def best(self, query: Matrix, k: int) -> Found:
        """Returns the k nearest documents to one query's vector, with their exact scores."""
        pool = max(2000, _POOL * k)
        if self._directions is None or pool >= len(self._vectors):
            return top(self.scores(query), k)
        near = np.sort(top(self._narrow @ (query @ self._directions), pool).places)
        found = top(self._vectors[near] @ query, k)
        return Found(near[found.places], found.scores)
