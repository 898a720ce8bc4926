"""Files that an environment made to show what happened in a trial, in a folder of their own."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.store.run_folder import PARTIAL

__all__ = [
    "MAX_EVIDENCE_BYTES",
    "MAX_EVIDENCE_FILES",
    "clear_evidence",
    "save_evidence",
    "write_evidence",
]

MAX_EVIDENCE_BYTES = 8 << 20
"""Of all evidence of one trial; a file that would pass it is left out."""

MAX_EVIDENCE_FILES = 20
"""Of one trial; what comes after is left out."""

_ABOUT = "about.json"
"""Tells which trial it is; by it a folder is known to be one of evidence."""


def save_evidence(
    place: Path, evidence: Mapping[str, bytes], *, about: Mapping[str, JsonValue]
) -> tuple[str, ...]:
    """Writes a folder with the files and `about.json`, whole or not at all.

    Earlier evidence in it is replaced.

    Args:
        place: The folder; those above it are made.
        evidence: Files of the environment by name; of a path only its last part is used.
        about: Which trial it is.

    Returns:
        The names under which they were kept, in the order given.

    Raises:
        InputError: there is something else, or it cannot be written.
    """
    clear_evidence(place.parent, [place.name])
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=place.parent, prefix=PARTIAL))
        partial.chmod(0o755)
        names = write_evidence(partial, evidence, reserved=_ABOUT)
        text = json.dumps(about, indent=2, ensure_ascii=False)
        (partial / _ABOUT).write_text(f"{text}\n", encoding="utf-8")
        partial.replace(place)
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror})") from error
    return names


def clear_evidence(folder: Path, names: Iterable[str]) -> None:
    """Removes earlier evidence, and nothing else.

    Raises:
        InputError: something else goes by one of the names.
    """
    places = [folder / name for name in names]
    for place in places:
        if place.is_symlink() or (place.exists() and not (place / _ABOUT).is_file()):
            raise InputError(f"{place}: is there and holds no evidence; name another folder")
    for place in places:
        if place.exists():
            # Out of the way at once, so that whoever is killed leaves all of it or nothing.
            aside = Path(tempfile.mkdtemp(dir=folder, prefix=PARTIAL))
            place.rename(aside / place.name)
            shutil.rmtree(aside, ignore_errors=True)


def write_evidence(
    folder: Path, evidence: Mapping[str, bytes], *, reserved: str
) -> tuple[str, ...]:
    """Writes files into a folder, as many as the limits allow; returns the names that they got."""
    names: dict[str, None] = {}
    room = MAX_EVIDENCE_BYTES
    for given, content in evidence.items():
        if len(content) <= room and len(names) < MAX_EVIDENCE_FILES:
            name = _plain(given, reserved)
            (folder / name).write_bytes(content)
            names[name] = None
            room -= len(content)
    return tuple(names)


def _plain(name: str, reserved: str) -> str:
    """Returns a file's name without folders, odd characters or a leading dot."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", last)[-100:]
    return f"_{plain}" if plain in ("", reserved) or plain.startswith((".", "-")) else plain
