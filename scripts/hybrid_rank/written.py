"""What is written by hand in `tasks/hybrid_rank/written`, read into values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "WRITTEN",
    "Activity",
    "Trait",
    "read_activities",
    "read_sections",
    "read_towns",
    "read_traits",
]

WRITTEN = Path(__file__).resolve().parents[2] / "tasks/hybrid_rank/written"


class Activity(NamedTuple):
    """Something to do."""

    tag: str
    terms: tuple[str, ...]
    """What documents call it, the usual word first."""

    asked: tuple[str, ...]
    """What people ask for, as a noun; may be empty."""

    asked_verb: tuple[str, ...]
    """The same, beginning with a verb; may be empty."""

    details: tuple[str, ...]


class Trait(NamedTuple):
    """What a place may be like."""

    tag: str
    in_a_word: str
    asked: tuple[str, ...]
    says: tuple[str, ...]
    denies: tuple[str, ...]


def read_towns() -> tuple[str, ...]:
    """Returns the towns in their order along the road."""
    return tuple(_lines("towns.txt"))


def read_activities() -> tuple[Activity, ...]:
    """Returns what there is to do."""
    return tuple(_activity(line) for line in _lines("activities.txt"))


def _activity(line: str) -> Activity:
    tag, terms, asked, details = (part.strip() for part in line.split("|"))
    asks = [part.strip() for part in asked.split(";")]
    return Activity(
        tag=tag,
        terms=tuple(part.strip() for part in terms.split(",")),
        asked=tuple(ask for ask in asks if not ask.startswith("*")),
        asked_verb=tuple(ask[1:] for ask in asks if ask.startswith("*")),
        details=tuple(f"{part.strip()}." for part in details.split(";")),
    )


def read_traits() -> tuple[Trait, ...]:
    """Returns what places may be like."""
    return tuple(
        Trait(
            tag=tag,
            in_a_word=_marked(lines, "!")[0],
            asked=tuple(ask.strip() for ask in _marked(lines, "?")[0].split(";")),
            says=_marked(lines, "+"),
            denies=_marked(lines, "-"),
        )
        for tag, lines in read_sections("traits.txt").items()
    )


def _marked(lines: tuple[str, ...], mark: str) -> tuple[str, ...]:
    return tuple(line[1:].strip() for line in lines if line.startswith(mark))


def read_sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the lines of each section, which begins with `== its name`."""
    sections: dict[str, list[str]] = {}
    for line in _lines(name):
        if line.startswith("== "):
            sections[line[3:].strip()] = found = []
        else:
            found.append(line)
    return {section: tuple(lines) for section, lines in sections.items()}


def _lines(name: str) -> Iterator[str]:
    for line in (WRITTEN / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
