"""What a candidate answered to a batch of queries, judged: each query an item of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import JsonValue

from agentlab.core.outcome import ItemOutcome, Outcome
from agentlab.retrieval.collection import Collection, Query
from agentlab.retrieval.holdout import HeldBy, group_of
from agentlab.retrieval.metrics import score_rankings

__all__ = ["cluster_of", "judge_rankings", "rankings_in"]


def rankings_in(answer: JsonValue, queries: Sequence[Query], *, depth: int) -> list[list[str]]:
    """Returns the ranking of each query, at most `depth` ids, of an answer that nobody has checked.

    An answer is a list of ids for each query, by the query's id. What has another shape has found
    nothing; an id that comes twice counts once.
    """
    by_query = answer if isinstance(answer, dict) else {}
    return [_ids(by_query.get(query.id), depth) for query in queries]


def _ids(ranking: JsonValue, depth: int) -> list[str]:
    if not isinstance(ranking, list):
        return []
    ids = (found if isinstance(found, str) else None for found in ranking[:depth])
    return [found for found in dict.fromkeys(ids) if found is not None]


def cluster_of(query: Query, collection: Collection, held_by: HeldBy) -> str:
    """Returns what a query shares its luck with: the group of its first gold document.

    Where that belongs to no group, queries with the same first document are one cluster.
    """
    document = collection.gold_documents(query)[0]
    return group_of(document, held_by) or document.id


def judge_rankings(
    rankings: Sequence[Sequence[str]],
    queries: Sequence[Query],
    *,
    success: str,
    metrics: Sequence[str],
    clusters: Mapping[str, str],
) -> Outcome:
    """Returns the outcome of a batch: means over the queries, and each query as an item.

    Args:
        rankings: One for each query, see `rankings_in`.
        queries: At least one.
        success: The metric that is a query's success; one of `metrics`.
        metrics: What is reported of each query, by name.
        clusters: The cluster of each query, by its id; see `cluster_of`.
    """
    scores = score_rankings(rankings, [query.gold for query in queries], metrics)
    items = tuple(
        ItemOutcome(
            id=query.id,
            cluster=clusters[query.id],
            success=float(scores[success][row]),
            metrics={name: float(values[row]) for name, values in scores.items()},
        )
        for row, query in enumerate(queries)
    )
    means = {name: float(np.mean(values)) for name, values in scores.items()}
    return Outcome(success=means[success], metrics=means, items=items)
