"""All rows of `tasks/tool_search`, and the bytes of its files."""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from scripts.tool_search.actions import actions
from scripts.tool_search.queries import Query, common_kinds, queries
from scripts.tool_search.rows import ActionRow, ConnectorRow, QrelRow, QueryRow, Split
from scripts.tool_search.shared import with_shared
from scripts.tool_search.written import (
    Connector,
    read_connectors,
    read_sections,
    read_shared,
)

__all__ = ["SEED", "Rows", "compressed", "lines", "made"]

SEED = 20251121

_TRAIN, _VALIDATION = 0.70, 0.85
"""Where train and validation end in the split by query."""


class Rows(NamedTuple):
    """What is frozen."""

    connectors: tuple[ConnectorRow, ...]
    corpus: tuple[ActionRow, ...]
    queries: tuple[QueryRow, ...]
    qrels: tuple[QrelRow, ...]


def made(*, seed: int = SEED) -> Rows:
    """Returns all rows; the same seed gives the same."""
    written = with_shared(read_connectors(), read_shared())
    split_of = _splits()
    common = common_kinds(written)
    asked = [
        (connector, query)
        for connector in written
        for query in queries(connector, common, seed=seed)
    ]
    rng = random.Random(f"{seed}:queries")
    numbered = [
        (_query(number, connector, query, split_of, rng), query)
        for number, (connector, query) in enumerate(asked, start=1)
    ]
    return Rows(
        connectors=tuple(_connector(connector, split_of) for connector in written),
        corpus=tuple(row for connector in written for row in actions(connector)),
        queries=tuple(row for row, _ in numbered),
        qrels=tuple(
            QrelRow(query=row.id, action=gold) for row, query in numbered for gold in query.golds
        ),
    )


def lines(rows: Sequence[BaseModel]) -> bytes:
    """Returns rows as JSON lines."""
    return "".join(f"{row.model_dump_json(exclude_none=True)}\n" for row in rows).encode()


def compressed(content: bytes) -> bytes:
    """Returns what is stored as `.gz`: no time, no name."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def _splits() -> Mapping[str, Split]:
    held: dict[str, Split] = {}
    sections = read_sections("splits.txt")
    held |= dict.fromkeys(sections["validation"], "validation")
    held |= dict.fromkeys(sections["test"], "test")
    return held


def _connector(connector: Connector, split_of: Mapping[str, Split]) -> ConnectorRow:
    return ConnectorRow(
        id=connector.id,
        name=connector.name,
        field=connector.field,
        text=connector.text,
        split=split_of.get(connector.id, "train"),
    )


def _query(
    number: int,
    connector: Connector,
    query: Query,
    split_of: Mapping[str, Split],
    rng: random.Random,
) -> QueryRow:
    drawn = rng.random()
    by_query: Split = "train" if drawn < _TRAIN else "validation" if drawn < _VALIDATION else "test"
    return QueryRow(
        id=f"q{number:04}",
        text=query.text,
        group=connector.id,
        difficulty=query.difficulty,
        resolved_by=query.resolved_by,
        split=split_of.get(connector.id, "train"),
        query_split=by_query,
    )
