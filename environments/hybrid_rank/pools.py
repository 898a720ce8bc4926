"""The candidates of each query with their similarities: read from a file, or measured and kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pydantic import BaseModel

from agentlab.data_file import read_jsonl
from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection
from agentlab.retrieval.embedders.embedder import Matrix
from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval.search import VectorIndex
from agentlab.retrieval.vector_cache import CachedEmbedder

__all__ = ["MOST", "Pool", "Pools", "among_candidates", "measured_pools", "read_pools"]

MOST = 200
"""Candidates of a query."""

Pool: TypeAlias = Mapping[str, float]
"""The cosine of each candidate by its id, the nearest first."""


class Pools(NamedTuple):
    """The candidates of every query."""

    of: Mapping[str, Pool]
    """By the query's id."""

    fingerprint: Mapping[str, str]
    """What tells other similarities from these."""


class _Row(BaseModel):
    """A line of `similarities.jsonl.gz`."""

    query: str
    documents: list[str]
    similarities: list[float]


def read_pools(file: Path, collection: Collection) -> Pools:
    """Returns the candidates that a file tells.

    Raises:
        InputError: a line is bad, or a query has none.
    """
    read = read_jsonl(file, _Row, key="query")
    asked = {query.id for query in collection.queries}
    problems = [
        f"{file}:{number}: {problem}"
        for number, row in enumerate(read.rows, start=1)
        for problem in _problems(row, collection, asked)
    ]
    missing = sorted(asked - {row.query for row in read.rows})
    problems += [f"{file}: tells no candidates of query {name!r}" for name in missing]
    if problems:
        raise InputError(*problems[:5])
    pools = {
        row.query: dict(zip(row.documents, row.similarities, strict=True)) for row in read.rows
    }
    return Pools(pools, read.fingerprint)


def _problems(row: _Row, collection: Collection, asked: set[str]) -> Iterator[str]:
    if row.query not in asked:
        yield f"query: {row.query!r} is the id of no query"
    if unknown := [name for name in row.documents if name not in collection.place_of]:
        yield f"documents: {unknown[0]!r} is the id of no document"
    if len(set(row.documents)) < len(row.documents):
        yield "documents: one comes twice"
    if len(row.documents) != len(row.similarities):
        yield "similarities: must be as many as documents"
    if any(one < other for one, other in pairwise(row.similarities)):
        yield "similarities: the nearest must come first"


def measured_pools(collection: Collection, embedder: str) -> Pools:
    """Returns the candidates of each query by the vectors of an embedder, which are kept.

    Raises:
        InputError: there is no such embedder, or a package is missing.
    """
    encoder = CachedEmbedder(open_embedder(embedder))
    index = VectorIndex(encoder.embed(collection.texts()))
    asked = encoder.embed([query.text for query in collection.queries])
    pools = {
        query.id: _pool(index, vector, collection)
        for query, vector in zip(collection.queries, asked, strict=True)
    }
    encoder.close()
    return Pools(pools, {"similarities": encoder.key})


def among_candidates(collection: Collection, pools: Pools) -> Collection:
    """Returns the collection, where only candidates answer a query.

    A query of which no candidate is right is left out: all orders of them are worth the same.
    """
    queries = (
        query.model_copy(
            update={
                "gold": {
                    name: query.gold[name] for name in pools.of[query.id] if name in query.gold
                }
            }
        )
        for query in collection.queries
    )
    return dataclasses.replace(collection, queries=tuple(query for query in queries if query.gold))


def _pool(index: VectorIndex, vector: Matrix, collection: Collection) -> Pool:
    found = index.best(vector, MOST)
    return {
        collection.documents[place].id: round(float(score), 4)
        for place, score in zip(found.places, found.scores, strict=True)
    }
