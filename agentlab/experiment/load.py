"""Experiment files: YAML in, a checked experiment out, all mistakes at once with their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from agentlab.errors import InputError, UnknownReference, nearest
from agentlab.experiment.config import Experiment, TargetConfig
from agentlab.experiment.document import Document, Location, read_document
from agentlab.experiment.problems import explain
from agentlab.references import builtin_root, find_folder

__all__ = ["experiment_to_yaml", "find_experiment", "load_experiment", "parse_experiment"]


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
    files = sorted(builtin.rglob("*.yaml"))
    known = [path.relative_to(builtin).with_suffix("").as_posix() for path in files]
    here = sorted(path.name for path in given.parent.glob("*.y*ml"))
    hint = nearest(given.name, [*here, *(f"{name}.yaml" for name in known), *known])
    raise InputError(
        f"{reference}: no such experiment{hint} (built in: {', '.join(known) or 'none'})"
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
    """Returns the experiment that some YAML describes.

    Folders are named from the current folder or among the built-ins; `./` and `../` in the file
    are read from where the file lies.

    Args:
        data: The YAML.
        name: The file's path; it begins each message.
        overrides: `key.sub=value`, each stronger than the file and than those before it.

    Raises:
        InputError: every problem, each with line and key.
    """
    document = read_document(data, name)
    for location, reference in _folders(document.value):
        if reference.startswith(("./", "../")):
            _put(document.value, location, str((Path(name).parent / reference).resolve()))
    problems: list[str] = []
    for override in overrides:
        try:
            document.override(override)
        except InputError as error:
            problems += error.problems
    try:
        experiment = Experiment.model_validate(document.value)
    except ValidationError as error:
        problems += explain(error, document)
        problems += [*_missing_folders(document), *_missing_entries(document)]
        raise InputError(*problems) from error
    problems += _missing_folders(document)
    if problems:
        raise InputError(*problems, *_missing_entries(document))
    return experiment


def experiment_to_yaml(experiment: Experiment) -> str:
    """Returns the resolved experiment, as it is stored with a run."""
    return yaml.safe_dump(
        experiment.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100
    )


def _folders(value: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yields the keys that name a folder, in their short and their long form."""
    candidates: list[tuple[Location, Any]] = []
    for key, inner in (("environment", "reference"), ("target", "path")):
        given = value.get(key)
        if isinstance(given, dict):
            candidates.append(((key, inner), given.get(inner)))
        else:
            candidates.append(((key,), given))
    sources = value.get("meta")
    for place, source in enumerate(sources if isinstance(sources, list) else ()):
        if isinstance(source, dict):
            candidates.append((("meta", place, "folder"), source.get("folder")))
    for location, given in candidates:
        # `package.module:Class` is an import; whether it can be imported shows when it is built.
        if isinstance(given, str) and not (location[0] == "environment" and ":" in given):
            yield location, given


def _missing_folders(document: Document) -> Iterator[str]:
    for location, reference in _folders(document.value):
        try:
            find_folder(reference)
        except UnknownReference as error:
            key = ".".join(str(part) for part in location)
            yield f"{document.place(location)}: {key}: {error}"


def _missing_entries(document: Document) -> Iterator[str]:
    """Yields what the target lacks; by itself it shows when it is built, here beside the rest."""
    target = document.value.get("target")
    given = target if isinstance(target, dict) else {"path": target}
    try:
        folder = find_folder(str(given.get("path")))
    except UnknownReference:
        return
    default = TargetConfig.model_fields["entry"].default
    for key in ("entry", "prepare"):
        entry = given.get(key, default if key == "entry" else None)
        file = str(entry).partition(":")[0]
        if isinstance(entry, str) and not (folder / file).is_file():
            hint = nearest(file, sorted(path.name for path in folder.glob("*.py")))
            place = document.place(("target", key))
            yield f"{place}: target.{key}: no file '{file}' in {folder}{hint} (given: '{entry}')"


def _put(value: Any, location: Location, text: str) -> None:
    *path, last = location
    for part in path:
        value = value[part]
    value[last] = text
