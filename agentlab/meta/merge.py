"""Three-way merge of candidates: an edit made to one version, carried over to another."""

from __future__ import annotations

import ast

from merge3 import Merge3

from agentlab.core.candidate import Candidate, Files

__all__ = ["merge_files", "rebase"]


def merge_files(base: Files, ours: Files, theirs: Files) -> dict[str, bytes] | None:
    """Returns ours with the edit from base to theirs applied, or None where they conflict.

    A merge that leaves a Python file unparsable counts as a conflict.
    """
    merged: dict[str, bytes] = {}
    for path in sorted(base.keys() | ours.keys() | theirs.keys()):
        versions = base.get(path), ours.get(path), theirs.get(path)
        found = _merge_file(*versions)
        if found is _CONFLICT or not _parses(path, found):
            return None
        if found is not None:
            merged[path] = found
    return merged


def rebase(candidate: Candidate, *, onto: Candidate, base: Candidate) -> Candidate | None:
    """Returns a candidate made from `base` as if it had been made from `onto`, or None."""
    files = merge_files(base.files, onto.files, candidate.files)
    if files is None:
        return None
    return candidate.with_files(files, parent=onto.digest)


_CONFLICT = b"\0conflict"


def _merge_file(base: bytes | None, ours: bytes | None, theirs: bytes | None) -> bytes | None:
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    if base is None or ours is None or theirs is None:
        return _CONFLICT
    merge = Merge3(
        base.splitlines(keepends=True),
        ours.splitlines(keepends=True),
        theirs.splitlines(keepends=True),
    )
    groups = list(merge.merge_groups())
    if any(group[0] == "conflict" for group in groups):
        return _CONFLICT
    return b"".join(line for group in groups for line in group[1])


def _parses(path: str, content: bytes | None) -> bool:
    if content is None or not path.endswith(".py"):
        return True
    try:
        ast.parse(content)
    except (SyntaxError, ValueError):
        return False
    return True
