"""What the probe says: which cache swallowed which edit, for the person who can mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from agentlab.core.value import JsonValue, canonical_json
from agentlab.search.caches.played import Call, Played, Where

__all__ = ["Asked", "Finding", "Level", "asked_otherwise", "swallowed"]

Level = Literal["sound", "warning", "unknown", "fault"]
"""`fault`: a cache swallowed an edit. `unknown`: it cannot be told. `warning`: worth a look."""

_SHOWN = 60


class Finding(NamedTuple):
    """What was found of one editable file."""

    file: str
    level: Level
    text: str


class Asked(NamedTuple):
    """A call that an edit changed, all before it being the same."""

    tool: str
    arguments: tuple[str, ...]
    """Names of those that differ."""

    is_answered: bool
    """Whether the answer is another one, too."""

    is_telling: bool
    """Whether an answer that is the same says something: a text of several words was changed, and
    the answer holds more than a word that it was done."""

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """The tool and its arguments."""
        return self.tool, self.arguments


def swallowed(
    where: Where, *, fresh: Played, kept: Played, earlier: Played, who: str, after: str
) -> str:
    """Returns a sentence that names what answered from an earlier candidate's episode.

    Args:
        where: In what the two episodes differ.
        fresh: A candidate's episode in a new process.
        kept: The same in a process that had run another candidate before.
        earlier: That other candidate's episode.
        who: What to call the candidate.
        after: What to call the other.
    """
    begin = f"{who} is measured as one thing in a new process and as another after {after}"
    if where == "preparation":
        return f"{begin}: prepare() leaves behind something else; its key must hold the candidate"
    if where == "result":
        return f"{begin}: every tool answers the same, the judge or the meter does not"
    place = next(
        place for place, (one, other) in enumerate(_pairs(fresh.calls, kept.calls)) if one != other
    )
    one, other = _at(fresh.calls, place), _at(kept.calls, place)
    if one is None or other is None or (one.tool, one.arguments) != (other.tool, other.arguments):
        return (
            f"{begin}: it asks for other things though nothing was answered otherwise; what runs "
            "candidates keeps something of the earlier one"
        )
    told = f"{begin}: tool `{one.tool}` answers from a cache"
    before = _at(earlier.calls, place)
    unread: list[str] = []
    if before is not None and before.tool == one.tool:
        unread = _differing(before, one)
        if before.answer == other.answer and unread:
            told += f" that is keyed without {_named(unread)}"
    arguments = ", ".join(f"{name}={_short(value)}" for name, value in one.arguments.items())
    return (
        f"{told}; {one.tool}({arguments}) gives {_short(one.answer)} in a new process and "
        f"{_short(other.answer)} after {after}"
    )


def asked_otherwise(one: Played, other: Played) -> Asked | None:
    """Returns the first call in which the other episode asks the same tool for other things."""
    for mine, theirs in zip(one.calls, other.calls, strict=False):
        if mine.tool != theirs.tool:
            return None
        if mine.arguments != theirs.arguments:
            differing = tuple(_differing(mine, theirs))
            has_content = isinstance(mine.answer, str | list | dict) and bool(mine.answer)
            return Asked(
                mine.tool,
                differing,
                is_answered=mine.answer != theirs.answer,
                is_telling=has_content
                and any(_is_text(mine.arguments, name) for name in differing),
            )
    return None


def _pairs(one: Sequence[Call], other: Sequence[Call]) -> list[tuple[Call | None, Call | None]]:
    return [(_at(one, place), _at(other, place)) for place in range(max(len(one), len(other)))]


def _at(calls: Sequence[Call], place: int) -> Call | None:
    return calls[place] if place < len(calls) else None


def _differing(one: Call, other: Call) -> list[str]:
    names = dict.fromkeys((*one.arguments, *other.arguments))
    return [name for name in names if one.arguments.get(name) != other.arguments.get(name)]


def _is_text(arguments: Mapping[str, JsonValue], name: str) -> bool:
    """Returns whether an argument holds several words in a row, as a prompt does."""
    return canonical_json(arguments.get(name)).count(" ") >= 2


def _named(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _short(value: JsonValue) -> str:
    text = canonical_json(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
