"""What is written by hand in `tasks/tool_search/written`, read into values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, cast

__all__ = [
    "VERBS",
    "WRITTEN",
    "Ask",
    "Connector",
    "Core",
    "Field",
    "Shared",
    "Special",
    "Style",
    "Thing",
    "Verb",
    "read_connectors",
    "read_fields",
    "read_glossary",
    "read_sections",
    "read_shared",
    "read_styles",
    "words",
]

WRITTEN = Path(__file__).resolve().parents[2] / "tasks/tool_search/written"

Verb = Literal["list", "get", "create", "update", "delete", "search"]
VERBS: Mapping[str, Verb] = {
    "l": "list",
    "g": "get",
    "c": "create",
    "u": "update",
    "d": "delete",
    "s": "search",
}

_FIELD = re.compile(r"(?P<name>\w+?)(?P<marks>(?:\[\]|[!#@?])*)(?::(?P<enum>\S+))?")
_CORE = re.compile(r"(?P<verb>[lgcuds])(?P<noun>[*~]?) +(?P<text>.+)")
_ASK = re.compile(r"(?P<kind>[prji]) (?P<text>.+)")
_THING = re.compile(r"# (?P<one>\w+) / (?P<many>\w+)(?: \[(?P<verbs>[lgcuds]+)\] (?P<what>.+))?")
_ACRONYMS = {"rfi": "RFI", "rfis": "RFIs"}


class Field(NamedTuple):
    """An argument as it is written: `stage!:lead|won`."""

    name: str
    type: Literal["string", "number", "boolean", "datetime", "array"]
    required: bool
    enum: tuple[str, ...]


class Core(NamedTuple):
    """What is asked of a thing, without the request around it."""

    verb: Verb
    noun: Literal["plain", "other", "trade"]
    """The interface's word, another one, or words that only this trade has."""

    text: str
    is_complete: bool
    """It is a whole request."""


class Ask(NamedTuple):
    """A whole request for an action of its own."""

    kind: str
    text: str


@dataclass(frozen=True)
class Thing:
    """A kind of record with the usual actions."""

    one: str
    many: str
    verbs: tuple[Verb, ...]
    what: str
    fields: tuple[Field, ...]
    cores: tuple[Core, ...]

    @property
    def noun(self) -> str:
        """One of it, in words."""
        return words(self.one)

    @property
    def nouns(self) -> str:
        """Many of it, in words."""
        return words(self.many)


@dataclass(frozen=True)
class Special:
    """An action that is none of the usual ones."""

    name: str
    text: str
    fields: tuple[Field, ...]
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Connector:
    """A product with its things and actions."""

    id: str
    name: str
    field: str
    style: str
    text: str
    things: tuple[Thing, ...]
    specials: tuple[Special, ...]


class Shared(NamedTuple):
    """A kind of record of several connectors, with what anybody may ask of it."""

    thing: Thing
    connectors: tuple[str, ...]
    """Which have it beside what is written of them; others have it of their own."""


class Style(NamedTuple):
    """How the documentation of an interface sounds, and what it calls the usual actions."""

    verbs: Mapping[Verb, str]
    texts: Mapping[Verb, str]
    paging: tuple[tuple[str, str], ...]
    """Arguments of every list, each with its description."""


def words(name: str) -> str:
    """Returns an identifier as words: `time_off_request` is a time off request."""
    return " ".join(_ACRONYMS.get(word, word) for word in name.split("_"))


def read_connectors(folder: Path = WRITTEN / "connectors") -> tuple[Connector, ...]:
    """Returns all connectors, file by file in the order of their names."""
    return tuple(
        _connector(block)
        for path in sorted(folder.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("\n== ")
    )


def read_sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the lines of a file under its headings."""
    blocks = (WRITTEN / name).read_text(encoding="utf-8").removeprefix("== ").split("\n== ")
    lines = [block.strip().split("\n") for block in blocks]
    return {heading: tuple(rest) for heading, *rest in lines}


def read_glossary() -> Mapping[str, str]:
    """Returns what an argument of some name usually is."""
    lines = (WRITTEN / "glossary.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def read_styles() -> Mapping[str, Style]:
    """Returns the styles by name."""
    return dict(_style(heading, lines) for heading, lines in read_sections("styles.txt").items())


def _style(heading: str, lines: tuple[str, ...]) -> tuple[str, Style]:
    name, names, paging = heading.split(" | ")
    verbs = dict(zip(VERBS.values(), names.split(), strict=True))
    by_name = dict(line.split(" ", 1) for line in lines)
    arguments = [argument.partition("=") for argument in paging.split("; ")]
    return name, Style(
        verbs=verbs,
        texts={verb: by_name[called] for verb, called in verbs.items()},
        paging=tuple((argument, text) for argument, _, text in arguments),
    )


def read_fields(line: str) -> tuple[Field, ...]:
    """Returns the arguments of a line `title!, stage:lead|won, amount#`."""
    return tuple(_field(part.strip()) for part in line.split(",")) if line else ()


def _field(text: str) -> Field:
    match = _FIELD.fullmatch(text)
    if match is None:
        raise ValueError(f"no argument: {text!r}")
    marks = match["marks"]
    kinds = {"[]": "array", "#": "number", "@": "datetime", "?": "boolean"}
    kind = next((kinds[mark] for mark in kinds if mark in marks), "string")
    enum = tuple(match["enum"].split("|")) if match["enum"] else ()
    return Field(match["name"], cast("Literal['string']", kind), "!" in marks, enum)


def _connector(block: str) -> Connector:
    heading, text, *lines = block.removeprefix("== ").strip().split("\n")
    id_, name, field, style = heading.split(" | ")
    parts = list(_parts(lines))
    return Connector(
        id=id_,
        name=name,
        field=field,
        style=style,
        text=text,
        things=tuple(_thing(part) for part in parts if part[0].startswith("# ")),
        specials=tuple(_special(part) for part in parts if part[0].startswith("> ")),
    )


def _parts(lines: list[str]) -> Iterator[list[str]]:
    """Yields the lines of each thing and action."""
    part: list[str] = []
    for line in filter(None, lines):
        if line.startswith(("# ", "> ")) and part:
            yield part
            part = []
        part.append(line)
    yield part


def read_shared() -> tuple[Shared, ...]:
    """Returns what several connectors have in common."""
    lines = (WRITTEN / "shared.txt").read_text(encoding="utf-8").splitlines()
    return tuple(
        Shared(
            _thing(part),
            tuple(id_ for line in part if line.startswith("@ ") for id_ in line[2:].split()),
        )
        for part in _parts(lines)
    )


def _thing(lines: list[str]) -> Thing:
    heading, *rest = lines
    match = _THING.fullmatch(heading)
    if match is None:
        raise ValueError(f"no thing: {heading!r}")
    return Thing(
        one=match["one"],
        many=match["many"],
        verbs=tuple(VERBS[letter] for letter in match["verbs"] or ""),
        what=match["what"] or "",
        fields=read_fields("".join(line[2:] for line in rest if line.startswith("= "))),
        cores=tuple(_core(line) for line in rest if not line.startswith(("= ", "@ "))),
    )


def _core(line: str) -> Core:
    match = _CORE.fullmatch(line)
    if match is None:
        raise ValueError(f"no core: {line!r}")
    nouns: Mapping[str, Literal["plain", "other", "trade"]]
    nouns = {"": "plain", "*": "other", "~": "trade"}
    text = match["text"]
    return Core(
        VERBS[match["verb"]], nouns[match["noun"]], text.removesuffix("!"), text.endswith("!")
    )


def _special(lines: list[str]) -> Special:
    heading, text, *rest = lines
    fields = [line for line in rest if line.startswith("= ")]
    asks = [_ASK.fullmatch(line) for line in rest if not line.startswith("= ")]
    if None in asks or len(fields) > 1 or not text.startswith("- "):
        raise ValueError(f"no action: {lines!r}")
    return Special(
        name=heading.removeprefix("> "),
        text=text.removeprefix("- "),
        fields=read_fields(fields[0].removeprefix("= ")) if fields else (),
        asks=tuple(Ask(match["kind"], match["text"]) for match in asks if match is not None),
    )
