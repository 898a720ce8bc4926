"""Several rankings made one: by standardised scores, or by ranks alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.retrieval.search import Scores

__all__ = ["reciprocal_ranks", "z_scores"]


def z_scores(scores: Scores) -> Scores:
    """Returns the scores in standard deviations from their mean, 0 where all are equal.

    Of several queries, `[queries, documents]`, each row is standardised by itself.

    >>> z_scores(np.array([1, 2, 3], dtype=np.float32)).round(3).tolist()
    [-1.225000023841858, 0.0, 1.225000023841858]
    """
    if not scores.size:
        return scores
    centred = scores - scores.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True))
    least = np.finfo(np.float32).eps * np.abs(scores).max(axis=-1, keepdims=True)
    fused: Scores = np.zeros_like(centred)
    np.divide(centred, spread, out=fused, where=spread > 4 * least)
    return fused


def reciprocal_ranks(rankings: Sequence[Scores], *, constant: float = 60) -> Scores:
    """Returns the sum over rankings of `1 / (constant + rank)` (Cormack, Clarke, Buettcher 2009).

    Args:
        rankings: For each, the score of each document; of equal ones those first that stand first.
        constant: How little the first ranks count more than the next.

    >>> both = [np.array([3, 2, 1], dtype=np.float32), np.array([1, 3, 2], dtype=np.float32)]
    >>> (reciprocal_ranks(both, constant=0) * 6).round(3).tolist()
    [8.0, 9.0, 5.0]
    """
    fused = np.zeros(len(rankings[0]), dtype=np.float32)
    for scores in rankings:
        order = np.argsort(-scores, kind="stable")
        fused[order] += 1 / (constant + np.arange(1, len(order) + 1))
    return fused
