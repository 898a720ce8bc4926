"""Episodes of environments that rank: a batch of queries, and what a target prepares for them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from agentlab.core.environment import Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.tool import ToolResult, Tools, tool
from agentlab.retrieval.collection import Collection, Query
from agentlab.retrieval.embedders.embedder import Embedder, Matrix
from agentlab.retrieval.judging import judge_rankings, rankings_in
from agentlab.retrieval.tool import embed_as_tool

__all__ = ["Batch", "PreparationEpisode", "RankingEpisode", "packed"]

_MISSES_TOLD = 5


class Batch(NamedTuple):
    """Queries that one trial ranks, and how its answer is scored."""

    collection: Collection
    queries: Sequence[Query]
    clusters: Mapping[str, str]
    """By the id of each query; see `cluster_of`."""

    success: str
    """The metric that is a query's success."""

    metrics: Sequence[str]
    depth: int
    """Ranks that are looked at."""


class _Embedding(Episode):
    """Offers `embed` where there is an embedder."""

    def __init__(self, goal: Goal, embedder: Embedder | None) -> None:
        self.goal = goal
        self._embedder = embedder

    @property
    def tools(self) -> Tools:
        """`embed`, or nothing."""
        return Tools.of(self) if self._embedder is not None else Tools({})

    @tool(step=False)
    def embed(self, texts: list[str]) -> ToolResult:
        """Returns the vector of each text, of 256 texts at most."""
        assert self._embedder is not None, "it is no tool where there is no embedder"
        return embed_as_tool(self._embedder, texts)


class RankingEpisode(_Embedding):
    """A batch of queries to be answered by the ids of documents, the best first."""

    def __init__(self, goal: Goal, batch: Batch, embedder: Embedder | None) -> None:
        super().__init__(goal, embedder)
        self.batch = batch

    def judge(self, answer: JsonValue) -> Outcome:
        """Scores each query by itself; what has no ranking has found nothing."""
        batch = self.batch
        rankings = rankings_in(answer, batch.queries, depth=batch.depth)
        outcome = judge_rankings(
            rankings,
            batch.queries,
            success=batch.success,
            metrics=batch.metrics,
            clusters=batch.clusters,
        )
        return outcome.model_copy(update={"feedback": _told(batch, rankings)})


class PreparationEpisode(_Embedding):
    """Documents, and the queries that a target may learn from; there is nothing to judge."""

    def judge(self, answer: JsonValue) -> Outcome:
        """Returns nothing of worth: nobody asks."""
        return Outcome(success=0.0)


def packed(vectors: Matrix) -> str:
    """Returns an array of `<f4`, row by row, as base64.

    Queries' vectors go with their episode so: a mounted file would show those of the sealed test to
    every trial.
    """
    return base64.b64encode(vectors.astype("<f4").tobytes()).decode()


def _told(batch: Batch, rankings: Sequence[Sequence[str]]) -> str:
    """Returns what was looked for and what came first instead, of a few queries."""
    known = batch.collection.place_of
    missed = [
        f"{query.text!r} is answered by {', '.join(query.gold)}; first came "
        f"{ranking[0] if ranking and ranking[0] in known else 'no document'}"
        for query, ranking in zip(batch.queries, rankings, strict=True)
        if not ranking or ranking[0] not in query.gold
    ]
    head = f"{len(missed)} of {len(batch.queries)} queries have no right document first"
    return "\n".join((head, *missed[:_MISSES_TOLD]))
