"""Experiment files: YAML in, a checked experiment out, all mistakes at once with their lines."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from agentlab.errors import InputError, nearest
from agentlab.experiment.config import Experiment
from agentlab.references import builtin_root

__all__ = ["experiment_to_yaml", "find_experiment", "load_experiment", "parse_experiment"]

_MAX_BYTES = 1 << 20

Location = tuple[str | int, ...]


class _Document(NamedTuple):
    value: Any  # Any: whatever YAML holds
    lines: Mapping[Location, int]


def find_experiment(reference: str) -> Path:
    """Returns the file of an experiment: a path, or the name of a built-in one.

    Raises:
        InputError: there is none, or it is a folder.
    """
    given = Path(reference)
    builtin = builtin_root() / "experiments"
    for path in (given, builtin_root() / reference, builtin / f"{reference}.yaml"):
        if path.is_file():
            return path
    if given.is_dir():
        raise InputError(f"{reference}: is a folder; give an experiment file")
    known = sorted(path.name for path in builtin.glob("*.yaml"))
    here = sorted(path.name for path in given.parent.glob("*.yaml")) if given.parent.is_dir() else []
    raise InputError(
        f"{reference}: no such experiment{nearest(given.name, [*here, *known])} "
        f"(built in: {', '.join(known) or 'none'})"
    )


def load_experiment(path: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Returns the experiment of a file, with `key.sub=value` overrides on top.

    Raises:
        InputError: every problem of the file, each with line and key.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return parse_experiment(data, str(path), overrides)


def parse_experiment(data: bytes, name: str, overrides: Sequence[str] = ()) -> Experiment:
    """Returns the experiment that some YAML describes; `name` is what messages call it."""
    document = _parse(data, name)
    lines = dict(document.lines)
    for override in overrides:
        _override(document.value, override, lines)
    try:
        return Experiment.model_validate(document.value)
    except ValidationError as error:
        raise InputError(*_problems(error, name, lines)) from error


def experiment_to_yaml(experiment: Experiment) -> str:
    """Returns the resolved experiment, as it is stored with a run."""
    return yaml.safe_dump(
        experiment.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100
    )


def _parse(data: bytes, name: str) -> _Document:
    if len(data) > _MAX_BYTES:
        raise InputError(f"{name}: {len(data)} bytes; an experiment is a few dozen lines")
    if b"\0" in data:
        raise InputError(f"{name}: is binary, not YAML")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: is not UTF-8 (byte {error.start})") from error
    try:
        _refuse_aliases(text, name)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InputError(_yaml_problem(error, name)) from error
    if node is None:
        raise InputError(f"{name}: is empty; see `agentlab envs` and the built-in experiments")
    if not isinstance(node, MappingNode):
        raise InputError(f"{name}:{node.start_mark.line + 1}: a mapping of keys is expected")
    lines: dict[Location, int] = {}
    duplicates = list(_walk(node, (), lines, name))
    if duplicates:
        raise InputError(*duplicates)
    return _Document(yaml.safe_load(text), lines)


def _refuse_aliases(text: str, name: str) -> None:
    """Refuses references inside the file: a few of them can expand without end."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1
            raise InputError(f"{name}:{line}: *{event.anchor}: aliases are not supported")


def _yaml_problem(error: yaml.YAMLError, name: str) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
    return f"{name}{where}: not YAML: {getattr(error, 'problem', None) or error}"


def _walk(node: Node, at: Location, lines: dict[Location, int], name: str) -> Iterator[str]:
    """Notes the line of every key and yields the keys that stand twice."""
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            word = key.value if isinstance(key, ScalarNode) else "?"
            line = key.start_mark.line + 1
            if word in seen:
                yield f"{name}:{line}: '{word}' stands twice (first in line {seen[word]})"
            seen[word] = line
            lines[(*at, word)] = line
            yield from _walk(value, (*at, word), lines, name)
    elif isinstance(node, SequenceNode):
        for place, value in enumerate(node.value):
            yield from _walk(value, (*at, place), lines, name)


def _override(value: Any, override: str, lines: dict[Location, int]) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise InputError(f"--set {override}: write it as key=value, such as budget.wall_s=300")
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"--set {override}: the value is not YAML") from error
    *path, last = key.split(".")
    for word in path:
        value = _step(value, word, override)
    if isinstance(value, list):
        index = _index(value, last, override)
        value[index] = parsed
    else:
        value[last] = parsed
    location = tuple(int(word) if word.isdigit() else word for word in (*path, last))
    for known in [place for place in lines if place[: len(location)] == location]:
        del lines[known]


def _step(value: Any, word: str, override: str) -> Any:
    if isinstance(value, list):
        return value[_index(value, word, override)]
    inner = value.get(word)
    if isinstance(inner, str):
        # The short forms: `environment: x` is `environment: {reference: x}`.
        inner = {"environment": {"reference": inner}, "target": {"path": inner}}.get(word)
    if inner is None:
        inner = {}
    if not isinstance(inner, dict | list):
        raise InputError(f"--set {override}: '{word}' holds no keys")
    value[word] = inner
    return inner


def _index(value: list[Any], word: str, override: str) -> int:
    if not word.isdigit() or int(word) >= len(value):
        raise InputError(f"--set {override}: '{word}' is no place in a list of {len(value)}")
    return int(word)


def _problems(error: ValidationError, name: str, lines: Mapping[Location, int]) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        location = tuple(
            part for part in problem["loc"] if part not in ("mutation", "ideas", "int", "literal['auto']")
        )
        key = ".".join(str(part) for part in location)
        place = location
        while place and place not in lines:
            place = place[:-1]
        where = f"{name}:{lines[place]}" if place in lines and (place or not location) else name
        if location and location not in lines and problem["type"] != "missing" and not place:
            where = "--set"
        yield f"{where}: {_say(key, location, problem)}"


def _say(key: str, location: Location, problem: Any) -> str:
    match problem["type"]:
        case "extra_forbidden":
            allowed = _allowed_at(location[:-1])
            hint = nearest(str(location[-1]), allowed)
            return f"{key}: unknown key{hint} (allowed: {', '.join(allowed)})"
        case "missing":
            return f"{key}: is required"
        case _:
            given = problem.get("input")
            shown = "" if isinstance(given, dict | list | BaseModel) else f" (given: {given!r})"
            message = problem["msg"].removeprefix("Value error, ")
            return f"{key}: {message}{shown}" if key else message


def _allowed_at(location: Location) -> list[str]:
    """Returns the keys that the configuration has at a place."""
    models: list[type[BaseModel]] = [Experiment]
    for part in location:
        if isinstance(part, int):
            continue
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        models = [found for field in fields for found in _models_in(field.annotation)]
    return sorted({name for model in models for name in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, tuple, list, typing.Annotated):
        return [found for part in typing.get_args(annotation) for found in _models_in(part)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return []
