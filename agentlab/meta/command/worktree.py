"""The folder that a coding agent works in: what it finds there, and what is taken of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Files, TargetSpec
from agentlab.meta.checks import MAX_FILE_BYTES

__all__ = ["BRIEF", "HYPOTHESIS", "OWN", "Edits", "lay_out", "read_hypothesis", "take_edits"]

OWN = ".agentlab"
"""The folder of what is not the target: the brief, and what the agent leaves for us."""

BRIEF = f"{OWN}/brief.md"
HYPOTHESIS = f"{OWN}/hypothesis.md"

_MOST_ENTRIES = 5_000
_MOST_PROBLEMS = 8
_MOST_WORDS = 4_000


class Edits(NamedTuple):
    """What an agent left behind."""

    changed: dict[str, bytes]
    """New contents of editable files, by path; only to be used where there is no problem."""

    problems: tuple[str, ...]
    """Why its edits are refused, each with the path that it is about."""


def lay_out(folder: Path, files: Files, brief: str) -> None:
    """Writes a target and a brief into an empty folder."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / OWN).mkdir()
    (folder / BRIEF).write_text(brief, encoding="utf-8", errors="replace")


def take_edits(folder: Path, before: Files, target: TargetSpec) -> Edits:
    """Returns the edits of editable files, and why they may not be taken.

    Only once nothing of the agent runs any more. Links are never followed. Hidden files and
    `__pycache__` are the agent's own business and stay behind, but for those of Git.
    """
    found: dict[str, bytes | str] = {}
    for path, content in _walk(folder, "", before):
        found[path] = content
        if len(found) > _MOST_ENTRIES:
            return Edits({}, (f"more than {_MOST_ENTRIES} files were left behind",))
    changed: dict[str, bytes] = {}
    problems: list[str] = []
    for path, content in sorted(found.items()):
        if isinstance(content, str):
            problems.append(f"{_shown(path)}: {content}")
        elif content != before.get(path):
            changed[path] = content
    problems += _removals(before, found, changed)
    for path, content in changed.items():
        problem = _problem(path, content, before, target)
        problems += [f"{_shown(path)}: {problem}"] if problem else []
    if more := len(problems) - _MOST_PROBLEMS:
        problems[_MOST_PROBLEMS:] = [f"and {more} more"] if more > 0 else []
    return Edits(changed, tuple(problems))


def read_hypothesis(folder: Path) -> str:
    """Returns what the agent wrote into its hypothesis file; empty where it wrote none."""
    if (folder / OWN).is_symlink():
        return ""
    content = _read(folder / HYPOTHESIS, _MOST_WORDS)
    return content.decode("utf-8", "replace").strip() if content is not None else ""


def _walk(folder: Path, above: str, before: Files) -> Iterator[tuple[str, bytes | str]]:
    """Yields each file by its path with its content, or with why it is not taken."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield above or ".", f"cannot be read ({error.strerror})"
        return
    for entry in entries:
        path = f"{above}{entry.name}"
        if entry.name.lower().startswith(".git"):
            yield path, "Git's own files may not be written"
        elif entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        elif entry.is_symlink():
            yield path, "is a symbolic link"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{path}/", before)
        else:
            most = max(MAX_FILE_BYTES, len(before.get(path, b"")))
            content = _read(Path(entry.path), most + 1)
            if content is None:
                yield path, "is no ordinary file that can be read"
            else:
                yield path, content


def _read(path: Path, most: int) -> bytes | None:
    """Returns the first bytes of an ordinary file, or None where it is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(most)


def _removals(
    before: Files, found: dict[str, bytes | str], changed: dict[str, bytes]
) -> Iterator[str]:
    for path, content in sorted(before.items()):
        if path not in found:
            twins = [new for new in changed if new not in before and changed[new] == content]
            what = f"renamed to {_shown(twins[0])}" if twins else "removed"
            yield f"{path}: {what}; files may be changed and added, not removed"


def _problem(path: str, content: bytes, before: Files, target: TargetSpec) -> str | None:
    if not path.isprintable():
        return "its name is no plain text"
    if not target.is_editable(path):
        return f"{'changed' if path in before else 'added'}, but {target.refusal(path)}"
    if len(content) > MAX_FILE_BYTES:
        return f"more than {MAX_FILE_BYTES} bytes"
    if b"\0" in content:
        return "binary: it holds NUL"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "binary: it is no UTF-8"
    return None


def _shown(path: str) -> str:
    return path if path.isprintable() else repr(path)
