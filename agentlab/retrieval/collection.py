"""Documents, queries, and which documents answer which."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

__all__ = ["Collection", "Document", "Query", "pooled"]


class Document(BaseModel):
    """What can be found; a line of `corpus.jsonl`. Other keys are kept in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str = Field(min_length=1)
    name: str = ""
    group: str = ""
    """Connector, tool, module: what it shares with others; empty where there is no such thing."""

    text: str
    """What it says; may be empty where the name says it all."""

    params: dict[str, JsonValue] = Field(default_factory=dict)
    """Parameters by name, each with its description."""


class Query(BaseModel):
    """What is looked for. Other keys are kept in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    gold: dict[str, int]
    """How relevant each document that answers it is, by id: 1 or more."""

    split: str = ""
    """As its publisher calls it."""


@dataclass(frozen=True)
class Collection:
    """A corpus with its queries; every document that answers a query is in the corpus."""

    name: str
    """The folder's."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]

    fingerprint: Mapping[str, str] = field(default_factory=dict)
    """Hashes of the files that it comes from, for `Environment.fingerprint()`."""

    @functools.cached_property
    def place_of(self) -> Mapping[str, int]:
        """Where each document stands in `documents`, by id."""
        return {document.id: place for place, document in enumerate(self.documents)}

    def gold_documents(self, query: Query) -> list[Document]:
        """Returns the documents that answer a query, in the order of its `gold`."""
        return [self.documents[self.place_of[name]] for name in query.gold]

    def texts(self, fields: Sequence[str] = ("name", "text"), *, between: str = ": ") -> list[str]:
        """Returns a text of each document: those of its fields that say something, joined together.

        Args:
            fields: Names of fields, extra ones too; `params` are its names and descriptions.
            between: What stands between two of them.
        """
        return [between.join(filter(None, _said(document, fields))) for document in self.documents]


def _said(document: Document, fields: Iterable[str]) -> list[str]:
    values: dict[str, Any] = {**(document.model_extra or {}), **vars(document)}  # Any: JSON
    parameters = [f"{name}: {about}" if about else name for name, about in document.params.items()]
    values["params"] = "; ".join(parameters)
    return [str(values.get(name) or "") for name in fields]


def pooled(name: str, collections: Sequence[Collection]) -> Collection:
    """Returns one collection of several: ids become `<collection>/<id>`, so that none meet."""
    return Collection(
        name=name,
        documents=tuple(
            document.model_copy(update={"id": f"{each.name}/{document.id}"})
            for each in collections
            for document in each.documents
        ),
        queries=tuple(
            query.model_copy(
                update={
                    "id": f"{each.name}/{query.id}",
                    "gold": {f"{each.name}/{found}": n for found, n in query.gold.items()},
                }
            )
            for each in collections
            for query in each.queries
        ),
        fingerprint={
            f"{each.name}:{key}": value
            for each in collections
            for key, value in each.fingerprint.items()
        },
    )
