"""Places: first the truth about each is drawn, then what its description says of that."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from scripts.hybrid_rank.rows import PlaceRow
from scripts.hybrid_rank.written import (
    Activity,
    Trait,
    read_activities,
    read_sections,
    read_towns,
    read_traits,
)

__all__ = ["PLACES_PER_TOWN", "Place", "World", "places", "read_world", "row_of"]

PLACES_PER_TOWN = 26

_DEVOTED = 0.15
"""Share of places that make much of what they are: of town, main activity and first trait."""

_ONLY = {"town": 1, "activity": 1, "trait": 4}
"""So many places of each town, main activity and first trait speak of nothing but that."""

_HAS_TRAIT, _DENIES_TRAIT = 0.08, 0.24
"""Chances that a place has a trait, and that it speaks of it and has it not."""

_TOWN, _TOWN_DEVOTED = (1, 1, 1, 2), 4
"""How often a description names its town."""

_NEAR = (0, 1, 2, 2, 3)
"""How often it names a neighbouring town, always the same one."""

_SIDELINES = (0, 1, 1)
"""Activities that it offers beside its main one."""

_OTHERS = (0, 1, 2, 2)
"""Activities that it names and does not offer."""

_FILLERS = (2, 3, 4)
_PLAIN_INTRO = 0.5
"""How often the opening of one that is not devoted says nothing of what it offers."""

_USUAL_TERM = 0.55
"""How often an activity goes by its usual word."""

_TAG_MAIN, _TAG_OTHER, _TAG_WRONG = 0.7, 0.5, 0.3


Subject = Literal["town", "activity", "trait"]


class World(NamedTuple):
    """All that is written."""

    towns: Sequence[str]
    activities: Sequence[Activity]
    traits: Sequence[Trait]
    sentences: Mapping[str, Sequence[str]]


class Place(NamedTuple):
    """The truth about a place."""

    id: str
    town: int
    activities: tuple[int, ...]
    """The main one first."""

    known_for: int
    """The trait that a devoted one makes much of."""

    traits: frozenset[int]
    """All that it has."""

    denied: frozenset[int]
    is_devoted: bool

    only: Subject | None = None
    """What alone it speaks of; the rest is said in a sentence."""


def read_world() -> World:
    """Returns what is written."""
    return World(read_towns(), read_activities(), read_traits(), read_sections("sentences.txt"))


def places(world: World, *, seed: int) -> tuple[Place, ...]:
    """Returns the places, each with what is true of it; every activity is as often the main one."""
    draw = random.Random(f"{seed}:places")
    count = len(world.towns) * PLACES_PER_TOWN
    mains = [number % len(world.activities) for number in range(count)]
    towns = [number % len(world.towns) for number in range(count)]
    draw.shuffle(mains)
    # Else a place's number would tell its town.
    draw.shuffle(towns)
    drawn = [
        _place(number, town, main, world, draw)
        for number, (town, main) in enumerate(zip(towns, mains, strict=True))
    ]
    return tuple(_with_only(drawn))


def _with_only(drawn: Sequence[Place]) -> Iterator[Place]:
    """Yields the places; the first of each town, activity and trait speak of that alone."""
    left: dict[tuple[Subject, int], int] = {}
    for place in drawn:
        subjects: Sequence[tuple[Subject, int]] = (
            ("town", place.town),
            ("activity", place.activities[0]),
            ("trait", place.known_for),
        )
        free = [subject for subject in subjects if left.get(subject, 0) < _ONLY[subject[0]]]
        if not free:
            yield place
            continue
        left[free[0]] = left.get(free[0], 0) + 1
        yield place._replace(
            activities=place.activities[:1],
            traits=frozenset({place.known_for}),
            denied=frozenset(),
            is_devoted=False,
            only=free[0][0],
        )


def _place(number: int, town: int, main: int, world: World, draw: random.Random) -> Place:
    others = [other for other in range(len(world.activities)) if other != main]
    sides = draw.sample(others, draw.choice(_SIDELINES))
    drawn = [draw.random() for _ in world.traits]
    known_for = draw.randrange(len(world.traits))
    has = {trait for trait, luck in enumerate(drawn) if luck < _HAS_TRAIT} | {known_for}
    denies = {trait for trait, luck in enumerate(drawn) if luck > 1 - _DENIES_TRAIT}
    return Place(
        id=f"p{number:04}",
        town=town,
        activities=(main, *sides),
        known_for=known_for,
        traits=frozenset(has),
        denied=frozenset(denies - has),
        is_devoted=draw.random() < _DEVOTED,
    )


def row_of(place: Place, world: World, *, seed: int) -> PlaceRow:
    """Returns what anybody may read of a place."""
    draw = random.Random(f"{seed}:{place.id}")
    name = _name(place, world, draw)
    said = list(_said(place, name, world, draw))
    opening, rest = said[0], said[1:]
    draw.shuffle(rest)
    return PlaceRow(
        id=place.id, name=name, text=" ".join([opening, *rest]), tags=_tags(place, world, draw)
    )


def _said(place: Place, name: str, world: World, draw: random.Random) -> Iterator[str]:
    """Yields the sentences of a description, the opening first."""
    if place.only:
        yield from _said_only(place, world, draw)
        return
    main, *sides = (world.activities[number] for number in place.activities)
    is_plain = not place.is_devoted and draw.random() < _PLAIN_INTRO
    opening = draw.choice(world.sentences["plain" if is_plain else "intro"])
    yield _capital(opening.format(name=name, term=_term(main, draw)))
    yield from _offers(main, 3 if place.is_devoted else 1, world, draw)
    yield from draw.sample(main.details, 2 if place.is_devoted else draw.choice((0, 1)))
    for side in sides:
        yield from _offers(side, 1, world, draw)
        yield from draw.sample(side.details, draw.choice((0, 1)))
    yield from _towns(place, world, draw)
    absent = [n for n in range(len(world.activities)) if n not in place.activities]
    for other in draw.sample(absent, draw.choice(_OTHERS)):
        for sentence in draw.sample(world.sentences["other"], draw.choice((1, 2))):
            yield sentence.format(other=_term(world.activities[other], draw))
    yield from _traits(place, name, world, draw)
    yield from draw.sample(world.sentences["filler"], draw.choice(_FILLERS))


def _said_only(place: Place, world: World, draw: random.Random) -> Iterator[str]:
    """Yields what a place says that speaks of one thing alone."""
    town, sentences = world.towns[place.town], world.sentences
    main, trait = world.activities[place.activities[0]], world.traits[place.known_for]
    if place.only == "town":
        yield from (sentence.format(town=town) for sentence in sentences["only town"])
    asked = {"town": (), "activity": (*main.asked, *main.asked_verb), "trait": trait.asked}
    for ask in asked[place.only or "town"]:
        yield _capital(draw.choice(sentences["only"]).format(asked=ask))
    towns = draw.sample(sentences["town"], 3 if place.only == "town" else 1)
    yield from (sentence.format(town=town) for sentence in towns)
    yield from _offers(main, 3 if place.only == "activity" else 1, world, draw)
    yield from trait.says if place.only == "trait" else draw.sample(trait.says, 1)


def _offers(activity: Activity, count: int, world: World, draw: random.Random) -> Iterator[str]:
    for sentence in draw.sample(world.sentences["offer"], count):
        yield _capital(sentence.format(term=_term(activity, draw)))


def _towns(place: Place, world: World, draw: random.Random) -> Iterator[str]:
    count = _TOWN_DEVOTED if place.is_devoted else draw.choice(_TOWN)
    for sentence in draw.sample(world.sentences["town"], count):
        yield sentence.format(town=world.towns[place.town])
    near = _near(place, world, draw)
    for sentence in draw.sample(world.sentences["near"], draw.choice(_NEAR)):
        yield sentence.format(near=near)


def _traits(place: Place, name: str, world: World, draw: random.Random) -> Iterator[str]:
    for number, trait in enumerate(world.traits):
        if number in place.denied:
            yield draw.choice(trait.denies)
        elif number == place.known_for and place.is_devoted:
            yield from trait.says
            for sentence in draw.sample(world.sentences["known"], 2):
                yield sentence.format(name=name, a=trait.in_a_word)
        elif number in place.traits:
            yield draw.choice(trait.says)


def _term(activity: Activity, draw: random.Random) -> str:
    usual, *others = activity.terms
    return usual if draw.random() < _USUAL_TERM else draw.choice(others)


def _near(place: Place, world: World, draw: random.Random) -> str:
    step = draw.choice((-2, -1, 1, 2))
    return world.towns[(place.town + step) % len(world.towns)]


def _name(place: Place, world: World, draw: random.Random) -> str:
    sentences = world.sentences
    word, word2 = draw.sample(sentences["word"], 2)
    shapes = f"{place.only} name" if place.only else "devoted name" if place.is_devoted else "name"
    shape = draw.choice(sentences[shapes])
    return shape.format(
        word=word,
        word2=word2,
        noun=draw.choice(sentences["noun"]),
        town=world.towns[place.town],
        near=_near(place, world, draw),
        topic=world.activities[place.activities[0]].tag.title(),
        trait=world.traits[place.known_for].in_a_word,
    )


def _tags(place: Place, world: World, draw: random.Random) -> list[str]:
    """Returns what the owner ticked."""
    main, *sides = (world.activities[number].tag for number in place.activities)
    tags = [main] if draw.random() < _TAG_MAIN else []
    likely = [*sides, *(world.traits[number].tag for number in sorted(place.traits))]
    tags += [tag for tag in likely if draw.random() < _TAG_OTHER]
    if draw.random() < _TAG_WRONG:
        every = [activity.tag for activity in world.activities]
        tags.append(draw.choice([*every, *(trait.tag for trait in world.traits)]))
    return sorted(dict.fromkeys(tags))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
