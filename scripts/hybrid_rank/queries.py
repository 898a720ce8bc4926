"""Queries: what people ask for, and every place that is it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scripts.hybrid_rank.places import Place, World
from scripts.hybrid_rank.rows import QueryRow, QueryType, Split
from scripts.hybrid_rank.written import Activity, read_sections

__all__ = ["PER_SUBJECT", "queries"]

PER_SUBJECT = 2
"""So many queries ask for the same, in other words."""

_OCCASIONS = 96
"""Pairs of traits that are asked for, of all that there are."""

_DEALT: Sequence[Split] = ("train", "validation", "test", "training", "train", "validation", "test")
"""The splits of the subjects of a type, dealt in turn."""


class _Subject(NamedTuple):
    """What is asked for."""

    name: str
    type: QueryType
    is_it: Callable[[Place], bool]
    ask: Callable[[random.Random], str]
    """Returns a frame with what is asked for filled in."""


def queries(world: World, places: Sequence[Place], *, seed: int) -> tuple[QueryRow, ...]:
    """Returns the queries; a subject's are in one split, and each has its share of a type."""
    draw = random.Random(f"{seed}:queries")
    rows: list[QueryRow] = []
    for subjects in (_towns(world), _activities(world), _occasions(world, draw)):
        dealt = list(subjects)
        draw.shuffle(dealt)
        for place, subject in enumerate(dealt):
            split = _DEALT[place % len(_DEALT)]
            gold = [found.id for found in places if subject.is_it(found)]
            rows += [
                QueryRow(
                    id="",
                    text=text,
                    gold=gold,
                    split=split,
                    type=subject.type,
                    subject=subject.name,
                )
                for text in _texts(subject, world, draw)
            ]
    # Else a query's number would tell its type, and which one asks for the same.
    draw.shuffle(rows)
    return tuple(row.model_copy(update={"id": f"q{number:03}"}) for number, row in enumerate(rows))


def _texts(subject: _Subject, world: World, draw: random.Random) -> list[str]:
    """Returns ways of asking for it, no two alike."""
    texts: dict[str, str] = {}
    while len(texts) < PER_SUBJECT:
        done = draw.choice([activity.terms[0] for activity in world.activities])
        frame = subject.ask(draw)
        text = frame.format(stay=draw.choice(world.towns), done=done)
        is_careless = draw.random() < _LOWER
        texts.setdefault(text.lower(), text.lower() if is_careless else text)
    return list(texts.values())


_LOWER = 0.4
"""How often nobody bothers with capitals."""

_NOUNS = 6
"""A noun is so many times as likely as what begins with a verb."""

_FRAMES = read_sections("frames.txt")


def _towns(world: World) -> Iterator[_Subject]:
    for number, town in enumerate(world.towns):

        def ask(draw: random.Random, town: str = town) -> str:
            return draw.choice(_FRAMES["location"]).replace("{town}", town)

        def is_it(place: Place, number: int = number) -> bool:
            return place.town == number

        yield _Subject(town, "location", is_it, ask)


def _activities(world: World) -> Iterator[_Subject]:
    for number, activity in enumerate(world.activities):

        def ask(draw: random.Random, activity: Activity = activity) -> str:
            asked = draw.choice([*activity.asked * _NOUNS, *activity.asked_verb])
            family = "activity verb" if asked in activity.asked_verb else "activity"
            return draw.choice(_FRAMES[family]).replace("{ask}", asked)

        def is_it(place: Place, number: int = number) -> bool:
            return number in place.activities

        yield _Subject(activity.tag, "activity", is_it, ask)


def _occasions(world: World, draw: random.Random) -> Iterator[_Subject]:
    pairs = list(itertools.combinations(range(len(world.traits)), 2))
    for pair in draw.sample(pairs, _OCCASIONS):
        one, two = (world.traits[number] for number in pair)

        def ask(
            draw: random.Random, one: Sequence[str] = one.asked, two: Sequence[str] = two.asked
        ) -> str:
            first, second = draw.sample([draw.choice(one), draw.choice(two)], 2)
            frame = draw.choice(_FRAMES["general"])
            return frame.replace("{a}", first).replace("{b}", second)

        def is_it(place: Place, pair: tuple[int, int] = pair) -> bool:
            return not place.traits.isdisjoint(pair)

        yield _Subject(f"{one.tag} or {two.tag}", "general", is_it, ask)
