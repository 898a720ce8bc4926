"""Connectors with what they have in common: only the product tells whose record is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scripts.tool_search.written import Connector, Core, Shared, Thing

__all__ = ["with_shared"]


def with_shared(connectors: Sequence[Connector], shared: Sequence[Shared]) -> tuple[Connector, ...]:
    """Returns the connectors with the things that several have, and what is asked of them there."""
    return tuple(
        replace(
            connector,
            things=tuple(_things(connector, shared, number)),
        )
        for number, connector in enumerate(connectors)
    )


def _things(connector: Connector, shared: Sequence[Shared], number: int) -> Iterator[Thing]:
    common = {entry.thing.one: entry.thing for entry in shared}
    for thing in connector.things:
        asked = common.get(thing.one)
        cores = tuple(_dealt(asked, thing, number)) if asked else ()
        yield replace(thing, cores=(*thing.cores, *cores))
    for entry in shared:
        if connector.id in entry.connectors:
            yield replace(entry.thing, cores=tuple(_dealt(entry.thing, entry.thing, number)))


def _dealt(asked: Thing, thing: Thing, number: int) -> Iterator[Core]:
    """Yields one core per verb; connectors that follow each other get different ones."""
    for verb in thing.verbs:
        cores = [core for core in asked.cores if core.verb == verb]
        if cores:
            yield cores[number % len(cores)]
