"""The difference between two candidates, as a patch that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from agentlab.core.candidate import Files

__all__ = ["unified_diff"]

_NO_NEWLINE = "\\ No newline at end of file\n"


def unified_diff(before: Files, after: Files) -> str:
    """Returns the changes from one set of files to another, empty where there are none."""
    return "".join(
        line
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
        for line in _file(path, before.get(path), after.get(path))
    )


def _file(path: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if before is None:
        yield "new file mode 100644\n"
    if after is None:
        yield "deleted file mode 100644\n"
    old_name = "/dev/null" if before is None else f"a/{path}"
    new_name = "/dev/null" if after is None else f"b/{path}"
    old, new = _lines(before or b""), _lines(after or b"")
    if old is None or new is None:
        yield f"Binary files {old_name} and {new_name} differ\n"
        return
    for line in difflib.unified_diff(old, new, old_name, new_name):
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _lines(content: bytes) -> list[str] | None:
    """Returns the lines with their ends, or None for what is no text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Not splitlines: it also breaks at form feeds and Unicode separators, which git does not.
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
