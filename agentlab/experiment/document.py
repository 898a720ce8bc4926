"""YAML from a person, read so that it cannot hurt and each value knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from agentlab.errors import InputError, nearest

__all__ = ["Document", "Location", "read_document"]

_MAX_BYTES = 128 << 10
_MAX_DEPTH = 20

Location = tuple[str | int, ...]
"""Keys and list places from the top of the file."""


class Document(NamedTuple):
    """What a file says, and where."""

    name: str
    """What messages call the file."""

    value: dict[str, Any]  # Any: whatever YAML holds
    places: dict[Location, str]
    """`file:line` of each key, or the `--set` that gave it."""

    def place(self, location: Location) -> str:
        """Returns where a key stands, or the nearest key around it."""
        while location and location not in self.places:
            location = location[:-1]
        return self.places.get(location, self.name)

    def override(self, text: str) -> None:
        """Puts a `key.sub=value` over what the file says; numbers are places in a list.

        Raises:
            InputError: it is not of that form, or there is no such place.
        """
        key, equals, given = text.partition("=")
        if not equals or not key:
            raise InputError(f"--set {text}: write it as key=value, such as budget.wall_s=300")
        try:
            parsed = yaml.safe_load(given)
        except (yaml.YAMLError, ValueError) as error:
            raise InputError(f"--set {text}: the value is not YAML") from error
        *path, last = key.split(".")
        within: Any = self.value
        for word in path:
            within = _inner(within, word, text)
        if isinstance(within, list):
            within[_index(within, last, text)] = parsed
        else:
            within[last] = parsed
        location = tuple(int(word) if word.isdigit() else word for word in (*path, last))
        for known in [place for place in self.places if place[: len(location)] == location]:
            del self.places[known]
        self.places[location] = f"--set {text}"


def read_document(data: bytes, name: str) -> Document:
    """Returns the mapping that a YAML text holds.

    Raises:
        InputError: it is no such text; for keys that stand twice, all of them.
    """
    text = _decode(data, name)
    try:
        _refuse_expansion(text, name)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise InputError(f"{name}: is empty; a built-in experiment shows the keys")
        if not isinstance(node, MappingNode):
            kind = "a list" if isinstance(node, SequenceNode) else "a single value"
            line = node.start_mark.line + 1
            raise InputError(f"{name}:{line}: is {kind}; a mapping `key: value` is expected")
        places: dict[Location, str] = {}
        problems = list(_walk(node, (), places, name))
        if problems:
            raise InputError(*problems)
        return Document(name, loader.construct_document(node), places)
    except yaml.YAMLError as error:
        raise InputError(_yaml_problem(error, name)) from error
    except ValueError as error:  # the grammar of YAML allows what Python does not
        raise InputError(
            f"{name}: holds a date or a number that is none ({error!s:.60})"
        ) from error


def _decode(data: bytes, name: str) -> str:
    if len(data) > _MAX_BYTES:
        raise InputError(
            f"{name}: is too large ({len(data):,} bytes, at most {_MAX_BYTES:,}); an experiment is "
            "a few dozen lines"
        )
    if b"\0" in data:
        raise InputError(f"{name}: is binary, not YAML")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: is not UTF-8 (byte {error.start})") from error


def _refuse_expansion(text: str, name: str) -> None:
    """Refuses what is small to write and endless to build: references and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise InputError(
                f"{name}:{line}: *{event.anchor}: aliases are not supported; repeat it"
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise InputError(f"{name}:{line}: is nested more than {_MAX_DEPTH} levels deep")


def _yaml_problem(error: yaml.YAMLError, name: str) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
    problem = str(getattr(error, "problem", None) or error)
    hint = "; indent with spaces" if "'\\t'" in problem else ""
    return f"{name}{where}: is not YAML: {problem.splitlines()[0]}{hint}"


def _walk(node: Node, at: Location, places: dict[Location, str], name: str) -> Iterator[str]:
    """Notes where every key stands; yields keys that stand twice or are no words."""
    places.setdefault(at, f"{name}:{node.start_mark.line + 1}")
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                given = f"'{key.value}'" if isinstance(key, ScalarNode) else "a collection"
                yield f"{name}:{line}: {given} is no key; keys are words"
                continue
            if key.value in seen:
                yield f"{name}:{line}: '{key.value}' stands twice (first in line {seen[key.value]})"
            seen.setdefault(key.value, line)
            places[(*at, key.value)] = f"{name}:{line}"
            yield from _walk(value, (*at, key.value), places, name)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*at, index), places, name)


def _inner(within: Any, word: str, text: str) -> Any:
    """Returns what a word names inside a value, made where there is nothing yet."""
    key: Any = _index(within, word, text) if isinstance(within, list) else word
    inner = within[key] if isinstance(within, list) else within.get(key)
    if isinstance(inner, str):
        # The short forms: `environment: x` is `environment: {reference: x}`.
        long = {
            "environment": {"reference": inner},
            "target": {"path": inner},
            "rule": {"name": inner},
        }
        inner = {"kind": inner} if isinstance(key, int) else long.get(key, inner)
    if inner is None:
        inner = {}
    if not isinstance(inner, dict | list):
        raise InputError(f"--set {text}: '{word}' is a single value and holds no keys")
    within[key] = inner
    return inner


def _index(within: Sequence[Any], word: str, text: str) -> int:
    if not word.isdigit() or int(word) >= len(within):
        places = [str(place) for place in range(len(within))]
        raise InputError(
            f"--set {text}: '{word}' is no place in a list of {len(within)}{nearest(word, places)}"
        )
    return int(word)
