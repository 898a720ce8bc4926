"""How good a ranking is, for each query: Hit, precision, recall, MRR, nDCG, by name.

They are those of trec_eval: what was not judged is not relevant, and nDCG takes the grade itself as
the gain (Järvelin and Kekäläinen 2002). All are from 0 to 1, and higher is better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentlab.errors import InputError, nearest

__all__ = ["QueryScores", "require_metrics", "score_rankings"]

QueryScores: TypeAlias = NDArray[np.float64]
"""One number for each query."""

_NAME = re.compile(r"([a-z]+)(?:@([1-9][0-9]{0,5}))?")


def require_metrics(names: Sequence[str]) -> None:
    """Checks the names of metrics before anything is scored.

    Raises:
        InputError: a name is none of those that there are.
    """
    for name in names:
        _parsed(name)


def score_rankings(
    rankings: Sequence[Sequence[str]], gold: Sequence[Mapping[str, int]], names: Sequence[str]
) -> Mapping[str, QueryScores]:
    """Returns the scores of each query, by metric.

    Args:
        rankings: Ids of documents, the best first; of an id that comes twice the first counts.
        gold: For each ranking, the grade of each relevant document by id, 1 or more.
        names: Such as `hit@1`, `p@12`, `recall@5`, `ndcg@10`, `mrr@10`; `mrr` has no cut.

    Raises:
        InputError: a name is none of these.

    >>> scores = score_rankings([["b", "a"]], [{"a": 1}], ["hit@1", "mrr", "ndcg@10"])
    >>> {name: round(float(values[0]), 3) for name, values in scores.items()}
    {'hit@1': 0.0, 'mrr': 0.5, 'ndcg@10': 0.631}
    """
    cuts = {name: _parsed(name) for name in names}
    grades = _grades(rankings, gold)
    counts = np.array([len(relevant) for relevant in gold], dtype=np.float64)
    ideal = _padded([sorted(relevant.values(), reverse=True) for relevant in gold])
    return {
        name: _METRICS[kind](_Judged(grades[:, :cut], counts, ideal[:, :cut], cut))
        for name, (kind, cut) in cuts.items()
    }


class _Judged(NamedTuple):
    """Rankings as their grades, up to the rank that still counts."""

    grades: NDArray[np.int64]
    """By query and rank, 0 where nothing relevant stands."""

    counts: QueryScores
    """How many documents are relevant to each query, found or not."""

    ideal: NDArray[np.int64]
    """The grades of the best ranking that there could be."""

    cut: int | None
    """The last rank that counts; None where all do."""


def _parsed(name: str) -> tuple[str, int | None]:
    found = _NAME.fullmatch(name)
    kind, cut = found.groups() if found else ("", None)
    if kind not in _METRICS or (cut is None and kind != "mrr"):
        known = ("hit@1", "mrr", "mrr@10", "ndcg@10", "p@12", "recall@5")
        raise InputError(
            f"metric: {name!r} is unknown{nearest(name, known)} (such as: {', '.join(known)})"
        )
    return kind, None if cut is None else int(cut)


def _grades(
    rankings: Sequence[Sequence[str]], gold: Sequence[Mapping[str, int]]
) -> NDArray[np.int64]:
    """Returns the grade at each rank, 0 where nothing relevant stands."""
    grades = np.zeros((len(rankings), max([1, *map(len, rankings)])), dtype=np.int64)
    for row, ranking, relevant in zip(grades, rankings, gold, strict=True):
        once = list(dict.fromkeys(ranking))
        for document, grade in relevant.items():
            if document in once:
                row[once.index(document)] = grade
    return grades


def _padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Returns the rows with zeros behind, at least one wide."""
    padded = np.zeros((len(rows), max([1, *map(len, rows)])), dtype=np.int64)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    return padded


def _hit(judged: _Judged) -> QueryScores:
    return np.asarray((judged.grades > 0).any(axis=1), dtype=np.float64)


def _precision(judged: _Judged) -> QueryScores:
    assert judged.cut is not None
    return np.asarray((judged.grades > 0).sum(axis=1) / judged.cut, dtype=np.float64)


def _recall(judged: _Judged) -> QueryScores:
    found = (judged.grades > 0).sum(axis=1)
    return np.asarray(found / np.maximum(judged.counts, 1), dtype=np.float64)


def _reciprocal_rank(judged: _Judged) -> QueryScores:
    found = judged.grades > 0
    return np.where(found.any(axis=1), 1 / (found.argmax(axis=1) + 1), 0.0)


def _ndcg(judged: _Judged) -> QueryScores:
    best = _discounted(judged.ideal)
    return np.divide(_discounted(judged.grades), best, out=np.zeros_like(best), where=best > 0)


def _discounted(grades: NDArray[np.int64]) -> QueryScores:
    return np.asarray(grades @ (1 / np.log2(np.arange(2, grades.shape[1] + 2))), dtype=np.float64)


_METRICS: Mapping[str, Callable[[_Judged], QueryScores]] = {
    "hit": _hit,
    "p": _precision,
    "recall": _recall,
    "mrr": _reciprocal_rank,
    "ndcg": _ndcg,
}
