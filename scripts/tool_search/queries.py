"""The queries to a connector, with what answers them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scripts.tool_search.actions import action_id
from scripts.tool_search.phrasing import Phrased, Phraser
from scripts.tool_search.rows import Difficulty, ResolvedBy
from scripts.tool_search.written import Connector, Core, Thing, Verb

__all__ = ["Query", "common_kinds", "queries"]

_ASKED: Mapping[str, Difficulty] = {
    "p": "plain",
    "r": "paraphrase",
    "j": "jargon",
    "i": "indirect",
}
_COMMON = 2
"""So many connectors with a kind of action make its name tell nothing."""


class Query(NamedTuple):
    """A query before it has a number and a split."""

    text: str
    golds: tuple[str, ...]
    difficulty: Difficulty
    resolved_by: ResolvedBy


def common_kinds(connectors: Sequence[Connector]) -> frozenset[tuple[Verb, str]]:
    """Returns what several connectors can do with something of one name."""
    counts = Counter(
        (verb, thing.one)
        for connector in connectors
        for thing in connector.things
        for verb in thing.verbs
    )
    return frozenset(kind for kind, count in counts.items() if count >= _COMMON)


def queries(
    connector: Connector, common: frozenset[tuple[Verb, str]], *, seed: int
) -> Iterator[Query]:
    """Yields the queries to a connector, those to its things first."""
    phraser = Phraser(connector.name, random.Random(f"{seed}:{connector.id}"))
    for thing in connector.things:
        for core in thing.cores:
            phrased = phraser.phrase(core)
            yield Query(
                phrased.text,
                _golds(connector, thing, core, phrased),
                _difficulty(core, phrased, is_common=(core.verb, thing.one) in common),
                _resolved_by(connector, phrased.text),
            )
    for special in connector.specials:
        for ask in special.asks:
            gold = f"{connector.id}_{special.name}"
            resolved_by = _resolved_by(connector, ask.text)
            yield Query(ask.text, (gold,), _ASKED[ask.kind], resolved_by)


def _golds(connector: Connector, thing: Thing, core: Core, phrased: Phrased) -> tuple[str, ...]:
    """Returns the actions; who wants to see several, and says no more, may list or search."""
    gold = action_id(connector, thing, core.verb)
    either: set[Verb] = {"list", "search"}
    if core.verb in either and either <= set(thing.verbs) and not phrased.is_plain:
        return tuple(sorted(action_id(connector, thing, verb) for verb in either))
    return (gold,)


def _difficulty(core: Core, phrased: Phrased, *, is_common: bool) -> Difficulty:
    if core.noun == "trade":
        return "jargon"
    if is_common:
        return "ambiguous"
    return "plain" if phrased.is_plain and core.noun == "plain" else "paraphrase"


def _resolved_by(connector: Connector, text: str) -> ResolvedBy:
    return "name" if connector.name.casefold() in text.casefold() else "trade"
