"""Which queries a ranker is taught, which it is searched on, and which are held out.

A ranker that learns must not be measured on what it learnt from, so those queries that it is told
with their answers are in no split at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from agentlab.core.task import SplitName
from agentlab.errors import InputError, nearest
from agentlab.retrieval.collection import Collection, Query
from agentlab.retrieval.holdout import HeldBy, group_of, is_held, parts_of

__all__ = ["Dealt", "HeldOut", "SplitBy", "deal", "some_of"]

SplitBy = Literal["own", "group", "field", "name", "none"]
"""`own`: the splits that each query names itself. Else what is held out as a whole, see `HeldBy`;
by `none` single queries are."""

HeldOut = Literal["unseen", "random"]
"""What the test is made of: queries of groups that are held out, or single ones."""

_OWN: dict[str, SplitName] = {
    "train": "train",
    "validation": "validation",
    "valid": "validation",
    "dev": "validation",
    "test": "test",
}


class Dealt(NamedTuple):
    """The queries of a collection, each in one place at most."""

    training: tuple[Query, ...]
    """Told with their answers, and to a preparation alone."""

    train: tuple[Query, ...]
    """Of the same groups; what is searched on."""

    validation: tuple[Query, ...]
    """Of other groups, where the test's are unseen."""

    test: tuple[Query, ...]


def deal(collection: Collection, split_by: SplitBy, *, test: HeldOut = "unseen") -> Dealt:
    """Returns the queries by what they are for, by rules that need no list.

    The test is a part of `parts_of`, and nothing else is of either of its test parts. Of the part
    `train`, again one group in five is validation's (one query in five where the test is of single
    queries), and of the rest one query in two is for training. Queries that name their own splits
    are left there, those of `train` halved.

    Raises:
        InputError: one of the four is left without queries.
    """
    if split_by not in get_args(SplitBy):
        known = get_args(SplitBy)
        raise InputError(
            f"split_by: no {split_by!r}{nearest(split_by, known)} (there are {', '.join(known)})"
        )
    held = _own(collection) if split_by == "own" else _by_rule(collection, split_by, test)
    seen = held["train"]
    dealt = Dealt(
        training=tuple(query for query in seen if _number("training", query.id) % 2 == 0),
        train=tuple(query for query in seen if _number("training", query.id) % 2),
        validation=tuple(held["validation"]),
        test=tuple(held["test"]),
    )
    for name, queries in zip(Dealt._fields, dealt, strict=True):
        if not queries:
            raise InputError(
                f"{collection.name}: split_by: {split_by} leaves no queries for {name} of "
                f"{len(collection.queries):,}; others are {', '.join(get_args(SplitBy))}"
            )
    return dealt


def some_of(queries: Iterable[Query], most: int | None) -> tuple[Query, ...]:
    """Returns at most so many of the queries, which ones their ids decide, mixed in their order."""
    mixed = sorted(queries, key=lambda query: _number("order", query.id))
    return tuple(mixed[:most])


def _own(collection: Collection) -> dict[SplitName, list[Query]]:
    held: dict[SplitName, list[Query]] = {"train": [], "validation": [], "test": []}
    for query in collection.queries:
        if query.split in _OWN:
            held[_OWN[query.split]].append(query)
    return held


def _by_rule(
    collection: Collection, held_by: HeldBy, test: HeldOut
) -> dict[SplitName, list[Query]]:
    parts = parts_of(collection, held_by)
    is_single = held_by == "none" or test == "random"
    held: dict[SplitName, list[Query]] = {
        "train": [],
        "validation": [],
        "test": list(parts["random-test" if is_single else "unseen-test"]),
    }
    for query in parts["train"]:
        groups = {group_of(document, held_by) for document in collection.gold_documents(query)}
        names = {query.id} if is_single else groups - {""}
        is_validation = any(is_held(f"validation/{name}") for name in names)
        held["validation" if is_validation else "train"].append(query)
    return held


def _number(purpose: str, name: str) -> int:
    return int(hashlib.sha256(f"{purpose}/{name}".encode()).hexdigest(), 16)
