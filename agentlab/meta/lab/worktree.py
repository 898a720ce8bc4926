"""What somebody edited in a folder, taken as edits of a candidate, or refused with the reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.errors import CandidateError, ToolError
from agentlab.meta.lab.workspace import Workspace

__all__ = ["taken_from", "write_worktree"]

_MOST_FILES = 2000
_MOST_BYTES = 16 << 20
"""Of any file; those that may be edited have a limit of their own."""


def write_worktree(folder: Path, candidate: Candidate) -> None:
    """Writes a candidate's files into an empty folder."""
    for path, content in candidate.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def taken_from(folder: Path, parent: Candidate, target: TargetSpec) -> Workspace:
    """Returns the parent with the edits that were made in a folder.

    Args:
        folder: Into which the parent was written.
        parent: What was edited.
        target: What of it may be.

    Raises:
        CandidateError: every edit that may not be made; none is taken then.
    """
    problems: list[str] = []
    found: dict[str, bytes] = {}
    _read(folder, "", found, problems)
    problems += [f"{path}: removed or renamed" for path in sorted(parent.files.keys() - found)]
    workspace = Workspace(parent, target)
    for path, content in sorted(found.items()):
        if parent.files.get(path) == content:
            continue
        try:
            workspace.write(path, content.decode("utf-8"))
        except UnicodeDecodeError:
            problems.append(f"{path}: binary: it is not UTF-8")
        except ToolError as error:
            problems.append(error.message.removesuffix("; nothing was changed"))
    if problems:
        raise CandidateError(*problems)
    return workspace


def _read(folder: Path, inner: str, found: dict[str, bytes], problems: list[str]) -> None:
    """Reads regular files, following no link; what cannot be read is a problem."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = f"{inner}{entry.name}"
            if len(found) + len(problems) > _MOST_FILES:
                problems.append(f"more than {_MOST_FILES} files")
                return
            if entry.is_symlink():
                problems.append(f"{path}: a symbolic link")
            elif entry.is_dir(follow_symlinks=False):
                _read(Path(entry.path), f"{path}/", found, problems)
            else:
                _read_file(entry.path, path, found, problems)


def _read_file(place: str, path: str, found: dict[str, bytes], problems: list[str]) -> None:
    # Not blocking: what was a file a moment ago may be a pipe now.
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            problems.append(f"{path}: no regular file")
        elif about.st_nlink > 1:
            problems.append(f"{path}: a hard link")
        elif about.st_size > _MOST_BYTES:
            problems.append(f"{path}: {about.st_size} bytes, more than {_MOST_BYTES}")
        else:
            found[path] = file.read(_MOST_BYTES)
