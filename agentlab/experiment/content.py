"""What an experiment says, with what lies in the folders that it names, whatever they are called.

The same content is the same experiment, in any checkout; nothing of it is executed to tell.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, NamedTuple

from agentlab.core.candidate import Files
from agentlab.core.value import JsonValue, canonical_json
from agentlab.errors import InputError, UnknownReference
from agentlab.experiment.build import find_ideas, read_target
from agentlab.experiment.config import Experiment
from agentlab.references import find_folder

__all__ = ["Content", "content_of", "file_hashes"]

_SKIPPED = {"__pycache__", ".git"}


class Content(NamedTuple):
    """An experiment's settings and the folders that they name."""

    settings: dict[str, JsonValue]
    """Every setting, resolved; in place of a path stands the hash of what lies there."""

    folders: dict[str, str]
    """SHA-256 of what lies at each path, by the setting that names it."""

    @property
    def sha256(self) -> str:
        """SHA-256 of all of it."""
        return _sha256(canonical_json(self.settings).encode())


def content_of(experiment: Experiment) -> Content:
    """Returns an experiment's content.

    Hashed are the target, the folder of the environment, banks of ideas, and what an option of the
    environment names, if it is there. Of an environment named as `package.module:Class` it is the
    module's file, or the package's folder: what it imports belongs to the installation.

    Raises:
        InputError: something of it cannot be found or read.
    """
    settings = experiment.model_dump(mode="json")
    folders = dict(_folders(experiment))
    for key, hashed in folders.items():
        *path, last = key.split(".")
        within: Any = settings
        for part in path:
            within = within[int(part)] if isinstance(within, list) else within[part]
        within[last] = f"sha256:{hashed}"
    return Content(settings, folders)


def file_hashes(files: Files) -> dict[str, str]:
    """Returns the SHA-256 of each file, hex, by path."""
    return {path: _sha256(content) for path, content in sorted(files.items())}


def _folders(experiment: Experiment) -> Iterator[tuple[str, str]]:
    target = file_hashes(read_target(experiment.target.path))
    yield "target.path", _sha256(canonical_json(target).encode())
    reference = experiment.environment.reference
    place = _module(reference) if ":" in reference else find_folder(reference)
    yield "environment.reference", _hash_of(place)
    for name, value in experiment.environment.options.items():
        if isinstance(value, str) and value and "." not in name and Path(value).exists():
            yield f"environment.options.{name}", _hash_of(Path(value))
    for number, source in enumerate(experiment.meta):
        if source.kind == "ideas":
            yield f"meta.{number}.folder", _hash_of(find_ideas(source.folder))


def _module(reference: str) -> Path:
    """Returns where a module lies, without importing it: it may not be trusted yet."""
    name, _, _ = reference.partition(":")
    places: list[str] | None = None
    spec, known = None, ""
    for part in name.split("."):
        known = f"{known}.{part}".lstrip(".")
        spec = PathFinder.find_spec(known, places)
        if spec is None:
            raise UnknownReference(f"environment '{reference}': there is no module '{known}'")
        places = list(spec.submodule_search_locations or ())
    if places:
        return Path(places[0])
    if spec is None or spec.origin is None:
        raise UnknownReference(f"environment '{reference}': '{name}' is no file")
    return Path(spec.origin)


def _hash_of(place: Path) -> str:
    """Returns the SHA-256 of a file, or of the names and contents in a folder."""
    try:
        if not place.is_dir():
            return _hash_of_file(place)
        hashes = {file.relative_to(place).as_posix(): _hash_of_file(file) for file in _files(place)}
    except OSError as error:
        raise InputError(f"{error.filename or place}: cannot be read ({error.strerror})") from error
    return _sha256(canonical_json(hashes).encode())


def _files(folder: Path) -> Iterator[Path]:
    for root, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if name not in _SKIPPED)
        for name in inner:
            if (Path(root) / name).is_symlink():
                raise InputError(
                    f"{Path(root) / name}: is a link to a folder, behind which anything may "
                    "change; put the folder in its place"
                )
        yield from (Path(root) / name for name in sorted(names))


def _hash_of_file(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
