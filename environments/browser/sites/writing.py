"""A long document of sections with near-alike facts, and a question that one of them answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .chance import Chance
from .data import phrase, read_json
from .sides import SIDES

__all__ = ["Document", "Fact", "Part", "Section", "draw_document"]


class Fact(NamedTuple):
    """A value under a label."""

    label: str
    value: str


class Part(NamedTuple):
    """What stands under one heading of a section."""

    heading: str
    paragraphs: Sequence[str]
    facts: Sequence[Fact]
    former: Fact | None
    """A value that no longer holds, told beside the one that does."""

    refers_to: str
    """The section whose facts hold here, empty where it has its own."""


class Section(NamedTuple):
    """All parts about one thing."""

    thing: str
    parts: Sequence[Part]


class Document(NamedTuple):
    """What is written, and what is asked of it."""

    title: str
    sections: Sequence[Section]
    instruction: str
    truth: str
    place: str
    """The section in which the answer stands."""

    near: Sequence[str]
    """Values of the same label in other sections."""


def draw_document(template: str, chance: Chance) -> Document:
    """Returns a document of 24 sections, more than 50,000 characters long.

    The fact that is asked for is the only one of its label, or stands under a heading among many
    of the same label, or under the heading that its section refers to.
    """
    drawn: Mapping[str, Any] = read_json("words/documents.json")[template]
    things = chance.sample(drawn["things"], len(drawn["things"]))
    values = {
        (thing, heading): [_fact(fact, chance) for fact in facts]
        for thing in things
        for heading, facts in drawn["parts"].items()
    }
    kind = chance.kind({"rare": 40, "headed": 40, "referred": 20})
    thing, other = chance.sample(things, 2)
    heading = chance.choice(list(drawn["parts"]))
    rare = {
        (place, chance.choice(list(drawn["parts"]))): _fact(fact, chance)
        for place, fact in zip(
            chance.sample(things, len(drawn["rare"])), drawn["rare"], strict=True
        )
    }
    place = other if kind == "referred" else thing
    if kind == "rare":
        (place, _), asked = chance.choice(list(rare.items()))
        thing = place
    else:
        asked = chance.choice(values[place, heading])
    references = _draw_references(things, list(drawn["parts"]), chance)
    # What is asked for stands where it is said to stand, whatever else refers to elsewhere.
    references = {
        key: to for key, to in references.items() if key not in {(thing, heading), (other, heading)}
    }
    if kind == "referred":
        references[thing, heading] = other
    filler = _Filler(read_json("words/documents.json")["filler"][SIDES[template]], chance)
    sections = [
        Section(
            each,
            [
                _part(
                    name,
                    values[each, name],
                    rare.get((each, name)),
                    references.get((each, name), ""),
                    each,
                    filler,
                )
                for name in drawn["parts"]
            ],
        )
        for each in things
    ]
    instruction = phrase("document", template, kind, chance, label=asked.label.lower(), thing=thing)
    near = [fact.value for facts in values.values() for fact in facts if fact.label == asked.label]
    return Document(drawn["title"], sections, instruction, asked.value, place, near)


class _Filler:
    """Sentences that say nothing that is asked for."""

    def __init__(self, words: Mapping[str, Sequence[str]], chance: Chance) -> None:
        self.words = words
        self.chance = chance

    def paragraph(self, thing: str) -> str:
        """Returns a few sentences about a thing."""
        chosen = self.chance.sample(self.words["sentences"], 6)
        slots = ("who", "event", "object", "season")
        return " ".join(
            sentence.format(
                thing=thing, **{slot: self.chance.choice(self.words[slot]) for slot in slots}
            )
            for sentence in chosen
        )


def _part(
    heading: str,
    facts: Sequence[Fact],
    rare: Fact | None,
    refers_to: str,
    thing: str,
    filler: _Filler,
) -> Part:
    """Returns a part, now and then with a value that no longer holds."""
    chance = filler.chance
    told = [] if refers_to else list(facts)
    former = None
    if told and chance.random() < 0.2:
        label, value = chance.choice(told)
        former = Fact(label, _nearby(value, chance))
    return Part(
        heading, [filler.paragraph(thing)], [*told, *([rare] if rare else [])], former, refers_to
    )


def _fact(drawn: Sequence[Any], chance: Chance) -> Fact:
    label, unit, low, high = drawn
    return Fact(label, f"{chance.randint(low, high)} {unit}".strip())


def _nearby(value: str, chance: Chance) -> str:
    """Returns a value of the same form and nearly the same size."""
    number, _, unit = value.partition(" ")
    return f"{int(number) + chance.choice((1, 2, 3, 5))} {unit}".strip()


def _draw_references(
    things: Sequence[str], headings: Sequence[str], chance: Chance
) -> dict[tuple[str, str], str]:
    """Returns some parts that refer to another section; none refers to one that refers on."""
    half = len(things) // 2
    return {
        (thing, chance.choice(headings)): chance.choice(things[half:])
        for thing in chance.sample(things[:half], 4)
    }
