"""Three-way merge of candidates: an edit made to one version, carried over to another."""

from __future__ import annotations

import ast
import difflib
import functools
import warnings
from collections.abc import Sequence
from typing import NamedTuple

from merge3 import Merge3

from agentlab.core.candidate import Candidate, Files
from agentlab.meta.numeric.setting import with_settings

__all__ = ["Merge", "merge_files", "rebase"]


class Merge(NamedTuple):
    """What a three-way merge came to."""

    files: dict[str, bytes]
    """The merged files; those in conflict are missing."""

    conflicts: tuple[str, ...]
    """One line per file that cannot be merged, with the reason; empty where all can."""


def merge_files(base: Files, ours: Files, theirs: Files) -> Merge:
    """Returns ours with the edit from base to theirs applied, as `git merge-file` would.

    A merge that leaves a Python file unparsable counts as a conflict.
    """
    merged: dict[str, bytes] = {}
    conflicts: list[str] = []
    for path in sorted(base.keys() | ours.keys() | theirs.keys()):
        try:
            content = _merge_file(base.get(path), ours.get(path), theirs.get(path))
            if content is not None:
                _require_syntax(path, content)
                merged[path] = content
        except _Conflict as conflict:
            conflicts.append(f"{path}: {conflict}")
    return Merge(merged, tuple(conflicts))


def rebase(candidate: Candidate, *, onto: Candidate, base: Candidate) -> Candidate | None:
    """Returns a candidate made from `base` as if it had been made from `onto`, or None.

    What only sets numbers never conflicts while they are there: it sets them in `onto`.
    """
    merge = merge_files(base.files, onto.files, candidate.files)
    files: Files | None = merge.files
    if merge.conflicts:
        files = with_settings(base.files, onto.files, candidate.files)
    return candidate.with_files(dict(files), parent=onto.digest) if files is not None else None


class _Conflict(Exception):
    """Both sides changed the same; the message says what."""


def _merge_file(base: bytes | None, ours: bytes | None, theirs: bytes | None) -> bytes | None:
    """Returns the merged content; None where the file is gone."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    if base is None:
        raise _Conflict("added on both sides")
    if ours is None or theirs is None:
        raise _Conflict("changed on one side, removed on the other")
    if any(b"\0" in content for content in (base, ours, theirs)):
        raise _Conflict("binary, changed on both sides")
    return _merge_lines(*(content.splitlines(keepends=True) for content in (base, ours, theirs)))


def _merge_lines(base: Sequence[bytes], ours: Sequence[bytes], theirs: Sequence[bytes]) -> bytes:
    # Autojunk would let frequent lines, such as empty ones, go unmatched in files over 200 lines.
    matcher = functools.partial(difflib.SequenceMatcher, autojunk=False)
    merge: Merge3[bytes] = Merge3(base, ours, theirs, sequence_matcher=matcher)  # type: ignore[arg-type]
    for region in merge.merge_regions():
        if region[0] == "conflict":
            raise _Conflict(f"lines {region[1] + 1} to {region[2] or 1} changed on both sides")
    return b"".join(line for group in merge.merge_groups() for line in group[1])


def _require_syntax(path: str, content: bytes) -> None:
    if path.endswith(".py"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise _Conflict("does not parse once merged") from error
