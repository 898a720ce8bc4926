"""What environments that rank share: options become tasks, files, episodes and yardsticks."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Metric, Traits, Yardstick
from agentlab.core.goal import Blob, Goal
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.errors import InputError
from agentlab.retrieval.blobs import array_blob, rows_blob
from agentlab.retrieval.collection import Collection, Document, Query
from agentlab.retrieval.dealing import Dealt, some_of
from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval.holdout import HeldBy
from agentlab.retrieval.judging import cluster_of
from agentlab.retrieval.metrics import require_metrics
from agentlab.retrieval.ranking_episode import Batch, PreparationEpisode, RankingEpisode, packed
from agentlab.retrieval.vector_cache import CachedEmbedder

__all__ = ["RankedSet", "RankingEnvironment"]

_ORACLE = """
def prepare(goal, tools):
    return None


def solve(goal, tools):
    answers = ANSWERS[goal.inputs["set"]]
    return {query["id"]: answers[query["id"]] for query in goal.inputs["queries"]}
"""


class RankedSet(NamedTuple):
    """A collection and what its queries are for."""

    collection: Collection
    dealt: Dealt
    cluster_by: HeldBy = "none"
    """What queries must share to be one cluster; by `none` the document that answers them."""

    fields: Sequence[str] = ("name", "text")
    """Of a document, what its vector is made of."""


class _Files(NamedTuple):
    """What a sandbox shows of a set."""

    documents: Blob
    vectors: Blob | None
    training_vectors: Blob | None


class RankingEnvironment(Environment):
    """Batches of queries over fixed collections. Subclass it, and hand it the sets.

    A target is told documents (a file with a JSON object per line) and their vectors (a `.npy`
    file) wherever it runs; its `prepare()` the training queries with their answers as well, all
    sets at once; its `solve()` a batch of queries of one set with their vectors. It answers a list
    of ids by the id of each query.
    """

    def __init__(
        self,
        sets: Sequence[RankedSet],
        *,
        embedder: str = "onnx-int8",
        success: str = "ndcg@10",
        metrics: Sequence[str] = ("hit@1", "hit@5", "mrr", "ndcg@10"),
        batch: int = 30,
        most_queries: int | None = None,
        depth: int = 20,
    ) -> None:
        """Opens the embedder; nothing is encoded before a file is asked for.

        Args:
            sets: At least one; no two of one name.
            embedder: As `open_embedder` knows it, or `none`: then there are no vectors.
            success: The metric that is a query's success.
            metrics: What is reported of each query; `success` is among them or added.
            batch: Queries that a trial ranks.
            most_queries: So many of each set and split are taken, which ones their ids decide.
            depth: Ranks that are looked at, the `k` that a target is told.

        Raises:
            InputError: an option is not what it should be, or a package is missing.
        """
        self._metrics = tuple(dict.fromkeys((*metrics, success)))
        require_metrics(self._metrics)
        if batch < 1 or (most_queries is not None and most_queries < 1):
            raise InputError(f"batch: {batch}, most_queries: {most_queries}; both are 1 or more")
        self._success = success
        self._sets = {each.collection.name: each for each in sets}
        if len(self._sets) < len(sets):
            raise InputError("data: two sets have one name; rename a folder")
        self.embedder = embedder
        self._embedder = None if embedder == "none" else CachedEmbedder(open_embedder(embedder))
        self._batch, self._most, self._depth = batch, most_queries, depth
        self.traits = Traits(
            metrics=tuple(Metric(name=name, direction="higher") for name in self._metrics),
            is_seeded=False,
            is_deterministic=True,
            needs_preparation=True,
        )

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the batches of a split, set by set."""
        return self._tasks[split]

    def texts_of(self, task: Task) -> Sequence[str]:
        """Returns the queries of a batch."""
        return tuple(query.text for query in self._queries_of(task))

    def told(self, query: Query, of: RankedSet) -> dict[str, JsonValue]:
        """Returns what a candidate is told of a query; override it to tell more."""
        return {"id": query.id, "text": query.text}

    def told_document(self, document: Document, of: RankedSet) -> Mapping[str, JsonValue]:
        """Returns what a candidate is told of a document; override it to tell less."""
        return document.model_dump(mode="json")

    def start(self, task: Task, seed: int) -> RankingEpisode:
        """Starts a batch; there is nothing random in it."""
        name, queries = str(task.inputs["set"]), self._queries_of(task)
        ranked = self._sets[name]
        batch = Batch(
            collection=ranked.collection,
            queries=queries,
            clusters={
                query.id: f"{name}/{cluster_of(query, ranked.collection, ranked.cluster_by)}"
                for query in queries
            },
            success=self._success,
            metrics=self._metrics,
            depth=self._depth,
        )
        inputs: dict[str, JsonValue] = {
            **self._shown(ranked),
            "k": self._depth,
            "queries": [self.told(query, ranked) for query in queries],
            "query_vectors": self._packed(queries),
        }
        return RankingEpisode(Goal(instruction=_RANK, inputs=inputs), batch, self._embedder)

    def preparation(self, seed: int) -> PreparationEpisode:
        """Starts the episode in which a target sees documents and training queries."""
        sets: list[JsonValue] = [
            {
                **self._shown(ranked),
                "training": [
                    {**self.told(query, ranked), "gold": list(query.gold)}
                    for query in ranked.dealt.training
                ],
                "training_vectors": _reference(self._files[name].training_vectors),
            }
            for name, ranked in self._sets.items()
        ]
        return PreparationEpisode(Goal(instruction=_PREPARE, inputs={"sets": sets}), self._embedder)

    def blobs(self) -> Sequence[Blob]:
        """Returns documents and vectors; whatever is not yet encoded is encoded now."""
        found = [blob for files in self._files.values() for blob in files if blob is not None]
        return list({blob.sha256: blob for blob in found}.values())

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that holds the labels."""
        answers = {
            name: {query.id: _best_first(query) for part in ranked.dealt[1:] for query in part}
            for name, ranked in self._sets.items()
        }
        source = f"import json\n\nANSWERS = json.loads({json.dumps(answers)!r})\n{_ORACLE}"
        return {"oracle": {"agent.py": source.encode()}}

    def fingerprint(self) -> Mapping[str, str]:
        """Returns hashes of the data, of the embedder, and of the environment's own folder."""
        return {
            "folder": _hash_of(Path(inspect.getfile(type(self))).parent),
            "embedder": self._embedder.key if self._embedder else "none",
            **{
                f"{name}/{key}": value
                for name, ranked in self._sets.items()
                for key, value in ranked.collection.fingerprint.items()
            },
        }

    def close(self) -> None:
        """Closes the cache of vectors."""
        if self._embedder is not None:
            self._embedder.close()

    @functools.cached_property
    def _tasks(self) -> Mapping[SplitName, Sequence[Task]]:
        return {split: list(self._dealt_tasks(split)) for split in SPLITS}

    def _dealt_tasks(self, split: SplitName) -> Iterator[Task]:
        for name, ranked in self._sets.items():
            queries = some_of(getattr(ranked.dealt, split), self._most)
            for start in range(0, len(queries), self._batch):
                ids: list[JsonValue] = [q.id for q in queries[start : start + self._batch]]
                task = f"{name}/{split}-{start // self._batch:03d}"
                yield Task(id=task, group=task, inputs={"set": name, "queries": ids})

    def _queries_of(self, task: Task) -> list[Query]:
        ids = task.inputs["queries"]
        assert isinstance(ids, list)
        return [self._query[str(task.inputs["set"]), str(name)] for name in ids]

    @functools.cached_property
    def _query(self) -> Mapping[tuple[str, str], Query]:
        """By set and id."""
        return {
            (name, query.id): query
            for name, ranked in self._sets.items()
            for query in ranked.collection.queries
        }

    @functools.cached_property
    def _files(self) -> Mapping[str, _Files]:
        return {name: self._written(ranked) for name, ranked in self._sets.items()}

    def _written(self, ranked: RankedSet) -> _Files:
        rows = (self.told_document(document, ranked) for document in ranked.collection.documents)
        documents = rows_blob(rows)
        if self._embedder is None:
            return _Files(documents, None, None)
        training = [query.text for query in ranked.dealt.training]
        return _Files(
            documents,
            array_blob(self._embedder.embed(ranked.collection.texts(ranked.fields))),
            array_blob(self._embedder.embed(training)),
        )

    def _shown(self, ranked: RankedSet) -> dict[str, JsonValue]:
        files = self._files[ranked.collection.name]
        return {
            "set": ranked.collection.name,
            "documents": files.documents.reference,
            "document_vectors": _reference(files.vectors),
        }

    def _packed(self, queries: Sequence[Query]) -> str | None:
        if self._embedder is None:
            return None
        return packed(self._embedder.embed([query.text for query in queries]))


_RANK = "Answer, by the id of each query, the ids of the k documents that answer it best."
_PREPARE = "Make of the documents and the training queries whatever ranking needs."


def _hash_of(folder: Path) -> str:
    """Returns a digest of the modules of a folder; targets lie deeper, and are what changes."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _best_first(query: Query) -> list[str]:
    return sorted(query.gold, key=lambda found: -query.gold[found])


def _reference(blob: Blob | None) -> JsonValue:
    return None if blob is None else blob.reference
