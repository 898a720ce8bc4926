"""Which queries are held out, by one rule that needs no list: the hash of a name decides.

A ranker that learnt which tool answers which question is good at the tools that it has seen; so
whole groups are held out beside single queries, and the two are told apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

from agentlab.retrieval.collection import Collection, Document, Query

__all__ = ["HeldBy", "Part", "group_of", "is_held", "part_of", "parts_of"]

Part = Literal["train", "random-test", "unseen-test"]
"""`unseen-test`: a group that answers it is held out. `random-test`: it alone is held out."""

HeldBy = Literal["group", "field", "name", "none"]
"""What is held out as a whole: a document's group; the field that its group begins with, up to the
first `/`; its name, or else its id; nothing."""


def is_held(name: str) -> bool:
    """Returns whether what bears this name is held out: for one name in five.

    >>> [name for name in ("crm", "mail", "files", "chat", "pay") if is_held(name)]
    ['crm', 'mail']
    """
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0


def group_of(document: Document, held_by: HeldBy) -> str:
    """Returns the name of what a document is held out with; empty where it belongs to nothing."""
    match held_by:
        case "group":
            return document.group
        case "field":
            return document.group.partition("/")[0]
        case "name":
            return document.name or document.id
        case "none":
            return ""


def part_of(query: Query, collection: Collection, held_by: HeldBy) -> Part:
    """Returns the part of a query; one document of a held group makes it unseen."""
    groups = {group_of(document, held_by) for document in collection.gold_documents(query)}
    if any(is_held(group) for group in groups - {""}):
        return "unseen-test"
    return "random-test" if is_held(query.id) else "train"


def parts_of(collection: Collection, held_by: HeldBy) -> Mapping[Part, tuple[Query, ...]]:
    """Returns the queries of each part, in their order."""
    parts: dict[Part, list[Query]] = {"train": [], "random-test": [], "unseen-test": []}
    for query in collection.queries:
        parts[part_of(query, collection, held_by)].append(query)
    return {part: tuple(queries) for part, queries in parts.items()}
