"""Sets of the Hugging Face hub, by name: for those who have a network, or a copy on disk.

Three shapes are known, by their columns: that of BEIR and CoIR (a corpus, queries, and judgements
in a second repository), that of ToolRet (tools, and queries that hold their labels), and the
project's own (queries that name their gold).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from agentlab.core.value import digest
from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection, Document, Query

__all__ = ["Table", "read_hub", "tables_of"]

Row = Mapping[str, Any]  # Any: whatever the publisher's columns hold


class Table(NamedTuple):
    """Rows that have the same columns."""

    split: str
    rows: Iterable[Row]


def read_hub(name: str, tables: Callable[[str], Iterable[Table]] | None = None) -> Collection:
    """Returns a set of the hub, of one or several repositories.

    Args:
        name: `OWNER/NAME`, joined by `+` where a set is spread over several:
            `CoIR-Retrieval/cosqa-queries-corpus+CoIR-Retrieval/cosqa-qrels`,
            `mangopy/ToolRet-Tools+mangopy/ToolRet-Queries`. A folder on disk will do as well.
        tables: Returns the tables of a repository; by default the package `datasets` fetches them.

    Raises:
        InputError: a package is missing, a repository cannot be had, or it has none of the shapes.
    """
    read = _Read({}, {}, {})
    for repository in name.split("+"):
        for table in (tables or tables_of)(repository):
            for row in table.rows:
                read.take(row, table.split)
    queries = tuple(read.answered())
    if not read.documents or not queries:
        raise InputError(
            f"hub:{name}: holds {len(read.documents):,} documents and {len(queries):,} queries "
            "that they answer; documents need id and text, queries id, text and gold or judgements"
        )
    documents = tuple(read.documents.values())
    content = [found.model_dump(mode="json") for found in (*documents, *queries)]
    return Collection(
        name=name.rpartition("/")[2],
        documents=documents,
        queries=queries,
        fingerprint={"hub": name, "content": digest(content)},
    )


class _Read(NamedTuple):
    """What the tables held so far."""

    documents: dict[str, Document]
    queries: dict[str, Query]
    judged: dict[str, dict[str, int]]

    def take(self, row: Row, split: str) -> None:
        """Adds a row to where its columns say that it belongs."""
        query = _first(row, "query-id", "query_id")
        if query is not None:
            grade = int(float(row.get("score", 1)))
            if grade > 0:
                found = str(_first(row, "corpus-id", "corpus_id"))
                self.judged.setdefault(str(query), {})[found] = grade
            return
        name = str(_first(row, "id", "_id"))
        labels = _first(row, "labels", "gold")
        text = str(_first(row, "query", "text", "documentation", "code") or "")
        if labels is not None:
            self.queries[name] = Query(id=name, text=text, gold=_gold(labels), split=split)
        elif split == "queries":
            self.queries[name] = Query(
                id=name, text=text, gold={}, split=str(row.get("partition") or "")
            )
        else:
            self.documents[name] = _document(name, text, row)

    def answered(self) -> Iterator[Query]:
        """Yields the queries that a document answers, with those that do."""
        for name, query in self.queries.items():
            gold = {**query.gold, **self.judged.get(name, {})}
            known = {found: grade for found, grade in gold.items() if found in self.documents}
            if known and query.text:
                yield query.model_copy(update={"gold": known})


def tables_of(repository: str) -> Iterator[Table]:
    """Yields every table of a repository.

    Raises:
        InputError: the package `datasets` is missing, or the hub cannot be reached.
    """
    try:
        import datasets
    except ImportError as error:
        raise InputError(
            f"hub:{repository}: to fetch it: pip install 'agentlab-autoresearch[hub]'"
        ) from error
    try:
        for config in datasets.get_dataset_config_names(repository):
            for split, rows in datasets.load_dataset(repository, config).items():
                # What BEIR calls a config others call a split.
                yield Table(config if config in ("corpus", "queries") else str(split), rows)
    except Exception as error:  # whatever the hub's client raises: no network, no such name
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"hub:{repository}: cannot be had ({reason})") from error


def _first(row: Row, *names: str) -> Any:  # Any: as the row
    return next((row[name] for name in names if row.get(name) is not None), None)


def _gold(labels: Any) -> dict[str, int]:  # Any: ids, or objects with ids, or JSON of them
    found = json.loads(labels) if isinstance(labels, str) else labels
    return {
        str(label["id"] if isinstance(label, Mapping) else label): int(
            label.get("relevance", 1) if isinstance(label, Mapping) else 1
        )
        for label in found
    }


def _document(name: str, text: str, row: Row) -> Document:
    """Returns a document; one that is told as JSON gives its name and description."""
    told = _object(text)
    return Document(
        id=name,
        name=str(_first(row, "name", "title") or told.get("name") or ""),
        group=str(_first(row, "group", "category") or ""),
        text=str(told.get("description") or text),
    )


def _object(text: str) -> Mapping[str, Any]:  # Any: JSON
    if not text.startswith("{"):
        return {}
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
