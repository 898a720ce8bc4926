"""What pydantic found wrong with an experiment, in words for the person who wrote it."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from agentlab.errors import nearest
from agentlab.experiment.config import Experiment
from agentlab.experiment.document import Document, Location

__all__ = ["explain"]

_LONGEST_SHOWN = 60

_WORDS = {
    "missing": "is required",
    "too_short": "needs at least one",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "union_tag_not_found": "needs a kind, such as `kind: mutation`",
    "string_pattern_mismatch": "must be letters, digits, _ . and -, at most 64, no sign first",
}
"""Where pydantic's own words are about Python."""

_FORMS = ("tuple_type", "dict_type", "model_type", "model_attributes_type")
"""Problems of what is no list or no mapping."""

_USUAL = {
    "environment": "must be a name or a mapping, such as `environment: environments/browser`",
    "target": "must be a folder or a mapping, such as `target: my/agent`",
    "target.editable": 'must be a list, such as `["*.py"]`',
    "target.packages": "must be a list, such as `packages: [numpy]`",
    "target.components": "must be a mapping, such as `components: {ranking: [rank.py]}`",
    "target.components.*": "must be a list of patterns, such as `ranking: [rank.py]`",
    "meta": "must be a list, such as `meta: [mutation]`",
    "meta.*": "must be a name or a mapping, such as `mutation` or `{kind: ideas, folder: ideas}`",
    "objective": "must be a mapping, such as `objective: {maximise: success}`",
    "objective.then": "must be a mapping, such as `then: {minimise: context_tokens}`",
    "objective.guards": "must be a list, such as `guards: [success >= 0.9]`",
    "objective.guards.*": "must be a line or a mapping, such as `success >= 0.9` or "
    "`{metric: success, margin: 0.02}`",
    "objective.rule": "must be a name or a mapping, such as `rule: paired` or "
    "`rule: {name: paired, alpha: 0.01}`",
    "search": "must be a mapping, such as `search: {patience: 40}`",
    "measure": "must be a mapping, such as `measure: {final_blocks: 6}`",
    "measure.baselines": "must be a list, such as `baselines: [random]`",
    "limits": "must be a mapping, such as `limits: {wall_s: 30}`",
    "budget": "must be a mapping, such as `budget: {candidates: 40}`",
    "rounds": "must be a list, such as `rounds: [{open: [ranking]}, {open: [prompt]}]`",
    "rounds.*": "must be a mapping, such as `{open: [ranking]}`",
    "rounds.*.open": "must be a list, such as `open: [ranking]`",
    "executor": "must be a mapping, such as `executor: {kind: inline}`",
    "accept": "must be a list, such as `accept: [leaks]`",
}
"""What is said of them, with the usual form."""


def explain(
    error: ValidationError, document: Document, top: type[BaseModel] = Experiment
) -> Iterator[str]:
    """Yields one line per key: where it stands, what was given, what is allowed.

    Args:
        error: What pydantic says.
        document: The file.
        top: What the file describes.
    """
    found: dict[Location, list[str]] = {}
    for problem in error.errors(include_url=False):
        location = _in_file(problem, document.value)
        if problem["type"] == "too_short" and _value_at(location, document.value):
            continue  # Its items were refused, each with a line of its own.
        found.setdefault(location, []).append(_say(problem, location, top))
    for location, sayings in found.items():
        key = ".".join(str(part) for part in location)
        begin = f"{document.place(location)}: {key}" if key else document.place(location)
        yield f"{begin}: {' or '.join(dict.fromkeys(sayings))}{_given(location, document.value)}"


def _in_file(problem: Any, value: Any) -> Location:
    """Returns a problem's location without the parts that pydantic puts in for unions."""
    location: list[str | int] = []
    *path, last = problem["loc"] or (None,)
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            continue
        location.append(part)
    is_key = isinstance(value, dict) and (last in value or problem["type"] == "missing")
    is_item = isinstance(value, list) and isinstance(last, int)
    if last is not None and (is_key or is_item or problem["type"] == "missing"):
        location.append(last)
    return tuple(location)


def _say(problem: Any, location: Location, top: type[BaseModel]) -> str:
    context = problem.get("ctx", {})
    match problem["type"]:
        case kind if kind in _FORMS:
            return _usual(location) or _WORDS[kind]
        case kind if kind in _WORDS:
            return _WORDS[kind]
        case "extra_forbidden":
            allowed = _allowed_at(problem["loc"][:-1], top)
            hint = nearest(str(location[-1]), allowed)
            return f"unknown key{hint} (allowed: {', '.join(allowed)})"
        case "literal_error":
            return f"must be {context['expected']}{_nearest(problem['input'], context['expected'])}"
        case "union_tag_invalid":
            allowed_tags = context["expected_tags"]
            tag = context["discriminator"].strip("'")
            return f"{tag} must be one of {allowed_tags}{_nearest(context['tag'], allowed_tags)}"
    message = str(problem["msg"]).removeprefix("Value error, ").split(", unable to parse")[0]
    return message.replace("Input should be", "must be").replace("Input should", "must")


def _usual(location: Location) -> str | None:
    """Returns what is said of what has the wrong form at a place; None where no form is usual."""
    key = ".".join("*" if isinstance(part, int) else part for part in location)
    within = ".".join((*key.split(".")[:-1], "*"))
    return _USUAL.get(key) or _USUAL.get(within)


def _nearest(given: Any, expected: str) -> str:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    return nearest(given, words) if isinstance(given, str) else ""


def _given(location: Location, value: Any) -> str:
    """Returns ` (given: ...)` for a single value that stands in the file."""
    given = _value_at(location, value)
    if given is None or isinstance(given, dict | list):
        return ""
    shown = repr(given)
    return f" (given: {shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + '...'})"


def _value_at(location: Location, value: Any) -> Any:
    """Returns what stands at a place of the file, None where nothing does."""
    try:
        for part in location:
            value = value[part]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def _allowed_at(location: Sequence[str | int], top: type[BaseModel]) -> list[str]:
    """Returns the keys that the configuration has at a place."""
    models: list[type[BaseModel]] = [top]
    for part in location:
        if isinstance(part, int):
            continue
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        if fields:
            models = [found for field in fields for found in _models_in(field.annotation)]
        else:
            # What tells the forms of a key apart may be no key itself: then all of them are meant.
            models = [model for model in models if _is_tagged(model, part)] or models
    return sorted({name for model in models for name in model.model_fields})


def _is_tagged(model: type[BaseModel], tag: str) -> bool:
    """Returns whether a member of a union is the one that a tag chooses."""
    fields = (model.model_fields.get(name) for name in ("kind", "name"))
    return any(field and tag in typing.get_args(field.annotation) for field in fields)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, tuple, list, typing.Annotated):
        return [found for part in typing.get_args(annotation) for found in _models_in(part)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return []
