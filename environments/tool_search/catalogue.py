"""The project's own mock connectors, read into a collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentlab.data_file import read_jsonl
from agentlab.references import find_folder
from agentlab.retrieval.collection import Collection, Document, Query

__all__ = ["BUILT_IN", "read_actions", "read_connectors"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str


class _Connector(_Row):
    name: str
    field: str
    text: str


class _Action(_Row):
    name: str
    group: str
    text: str
    params: list[dict[str, Any]]  # Any: JSON


class _Judgement(BaseModel):
    query: str
    action: str
    relevance: int


def read_actions() -> Collection:
    """Returns actions with what their connector is, and queries with their splits.

    A document's extra keys: `connector` (its name), `field` and `about`, what it is for. `params`
    are the descriptions of its arguments, by name.
    """
    folder = find_folder("tasks/tool_search")
    products = read_jsonl(folder / "connectors.jsonl", _Connector, key="id")
    actions = read_jsonl(folder / "corpus.jsonl.gz", _Action, key="id")
    asked = read_jsonl(folder / "queries.jsonl.gz", _Row, key="id")
    judged = read_jsonl(folder / "qrels.jsonl.gz", _Judgement)
    connectors: dict[str, dict[str, Any]] = {  # Any: a document's extra keys
        row.id: {"connector": row.name, "field": row.field, "about": row.text}
        for row in products.rows
    }
    gold: dict[str, dict[str, int]] = {}
    for row in judged.rows:
        gold.setdefault(row.query, {})[row.action] = row.relevance
    return Collection(
        name="mock-actions",
        documents=tuple(
            Document(
                id=row.id,
                name=row.name,
                group=row.group,
                text=row.text,
                params={each["name"]: each.get("text", "") for each in row.params},
                **connectors[row.group],
            )
            for row in actions.rows
        ),
        queries=tuple(
            Query(id=row.id, gold=gold[row.id], **(row.model_extra or {})) for row in asked.rows
        ),
        fingerprint={
            key: value
            for file in (products, actions, asked, judged)
            for key, value in file.fingerprint.items()
        },
    )


def read_connectors() -> Collection:
    """Returns the connectors themselves, each the answer to what is asked of its actions."""
    actions = read_actions()
    group_of = {document.id: document.group for document in actions.documents}
    first = {document.group: document.model_extra or {} for document in actions.documents}
    return Collection(
        name="mock-connectors",
        documents=tuple(
            Document(
                id=group,
                name=str(told["connector"]),
                group=group,
                text=str(told["about"]),
                **{"field": told["field"]},
            )
            for group, told in first.items()
        ),
        queries=tuple(
            query.model_copy(update={"gold": {group_of[name]: 1 for name in query.gold}})
            for query in actions.queries
        ),
        fingerprint=actions.fingerprint,
    )


BUILT_IN: Mapping[str, Callable[[], Collection]] = {
    "mock-actions": read_actions,
    "mock-connectors": read_connectors,
}
"""What ships with the project, by name."""
