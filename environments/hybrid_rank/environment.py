"""Places and things to do: the candidates of a search by vectors, to be put in a better order."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Yardstick
from agentlab.core.task import Task
from agentlab.references import find_folder
from agentlab.retrieval.collection import Query
from agentlab.retrieval.dealing import Dealt, SplitBy, deal
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment
from agentlab.retrieval.ranking_episode import RankingEpisode
from agentlab.retrieval.reader import read_collection

from .pools import MOST, among_candidates, measured_pools, read_pools
from .reranking import RerankingEpisode

__all__ = ["ENVIRONMENT", "HybridRankEnvironment"]

_RANKS = 12
"""Ranks of which the precision is asked."""


class HybridRankEnvironment(RankingEnvironment):
    """Re-ranks for each query the documents nearest to it, whose similarities are known."""

    def __init__(
        self,
        data: str | None = None,
        split_by: SplitBy = "none",
        embedder: str = "onnx-int8",
        batch: int = 31,
        most_queries: int | None = None,
    ) -> None:
        """Reads the data.

        Args:
            data: A folder with documents, queries and gold; by default the places in
                `tasks/hybrid_rank`, whose similarities and splits are in its files.
            split_by: What of such a folder is held out as a whole.
            embedder: Who measures the similarities of such a folder; kept, so once.
            batch: Queries that a trial ranks.
            most_queries: So many of each split are taken; by default all.

        Raises:
            InputError: a line of the data is not what it should be, or a package is missing.
        """
        folder = Path(data) if data is not None else find_folder("tasks/hybrid_rank")
        whole = read_collection(folder)
        if data is None:
            self._pools = read_pools(folder / "similarities.jsonl.gz", whole)
        else:
            self._pools = measured_pools(whole, embedder)
        collection = among_candidates(whole, self._pools)
        dealt = _own(collection.queries) if data is None else deal(collection, split_by)
        super().__init__(
            [RankedSet(collection, dealt)],
            embedder="none",
            success=f"p@{_RANKS}",
            metrics=(f"p@{_RANKS}", "mrr", f"ndcg@{_RANKS}"),
            batch=batch,
            most_queries=most_queries,
            depth=MOST,
        )

    def told(self, query: Query, of: RankedSet) -> dict[str, JsonValue]:
        """Returns a query with its candidates, the nearest first."""
        pairs: list[JsonValue] = [[name, near] for name, near in self._pools.of[query.id].items()]
        return {**super().told(query, of), "candidates": pairs}

    def start(self, task: Task, seed: int) -> RankingEpisode:
        """Starts a batch; queries that ask for the same are one cluster."""
        started = super().start(task, seed)
        batch = started.batch
        clusters = {
            query.id: _subject(query) or batch.clusters[query.id] for query in batch.queries
        }
        return RerankingEpisode(started.goal, batch._replace(clusters=clusters), None)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle, where every query has as many right candidates as ranks that count."""
        return super().yardsticks() if self._are_fillable else {}

    def fingerprint(self) -> Mapping[str, str]:
        """Returns hashes of the data, and whose the similarities are."""
        return {**super().fingerprint(), **self._pools.fingerprint}

    @functools.cached_property
    def _are_fillable(self) -> bool:
        return all(
            len(query.gold) >= _RANKS
            for ranked in self._sets.values()
            for part in ranked.dealt[1:]
            for query in part
        )


def _own(queries: Sequence[Query]) -> Dealt:
    """Returns the queries by the splits that they name."""
    return Dealt(*(tuple(q for q in queries if q.split == name) for name in Dealt._fields))


def _subject(query: Query) -> str:
    """Returns what a query shares with others that ask for the same; empty where it tells none."""
    return str((query.model_extra or {}).get("subject", ""))


ENVIRONMENT = HybridRankEnvironment
