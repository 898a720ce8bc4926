"""All rows of `tasks/hybrid_rank`, and the bytes of its files."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel

from agentlab.retrieval.embedders.embedder import Embedder
from agentlab.retrieval.search import VectorIndex
from scripts.hybrid_rank.places import places, read_world, row_of
from scripts.hybrid_rank.queries import queries
from scripts.hybrid_rank.rows import PlaceRow, QueryRow, SimilaritiesRow

__all__ = [
    "DEPTH",
    "SEED",
    "Rows",
    "answerable",
    "compressed",
    "embedded_text",
    "lines",
    "made",
    "similarities",
]

SEED = 20251121

DEPTH = 200
"""So many candidates of each query are kept with their similarities."""

_POOL, _FEWEST = 100, 12


class Rows(NamedTuple):
    """What is made of what is written."""

    corpus: tuple[PlaceRow, ...]
    queries: tuple[QueryRow, ...]


def made(*, seed: int = SEED) -> Rows:
    """Returns places and queries; the same seed gives the same."""
    world = read_world()
    truth = places(world, seed=seed)
    return Rows(
        corpus=tuple(row_of(place, world, seed=seed) for place in truth),
        queries=queries(world, truth, seed=seed),
    )


def embedded_text(place: PlaceRow) -> str:
    """Returns what is embedded of a place."""
    return f"{place.name}: {place.text}"


def similarities(rows: Rows, embedder: Embedder) -> tuple[SimilaritiesRow, ...]:
    """Returns the places nearest to each query."""
    index = VectorIndex(embedder.embed([embedded_text(place) for place in rows.corpus]))
    asked = embedder.embed([query.text for query in rows.queries])
    found: list[SimilaritiesRow] = []
    for query, vector in zip(rows.queries, asked, strict=True):
        scores = np.round(np.asarray(index.scores(vector), dtype=np.float64), 4)
        nearest = np.argsort(-scores, kind="stable")[:DEPTH]
        found.append(
            SimilaritiesRow(
                query=query.id,
                documents=[rows.corpus[place].id for place in nearest],
                similarities=[float(scores[place]) for place in nearest],
            )
        )
    return tuple(found)


def answerable(
    queries: Sequence[QueryRow], nearest: Sequence[SimilaritiesRow]
) -> tuple[QueryRow, ...]:
    """Returns the queries for which twelve of the nearest hundred are right, or more.

    With fewer no order of them could fill twelve places.
    """
    near = {row.query: set(row.documents[:_POOL]) for row in nearest}
    return tuple(query for query in queries if len(near[query.id] & set(query.gold)) >= _FEWEST)


def lines(rows: Sequence[BaseModel]) -> bytes:
    """Returns rows as JSON lines."""
    return "".join(f"{row.model_dump_json()}\n" for row in rows).encode()


def compressed(content: bytes) -> bytes:
    """Returns what is stored as `.gz`: no time, no name."""
    return gzip.compress(content, compresslevel=9, mtime=0)
