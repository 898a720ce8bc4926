"""The files of a proposal in the making: a parent's, and edits of what may be edited.

Nothing of it lies on a disk, so there is nothing that a path could lead out of; an edit that may
not be made is refused before it changes anything, with the reason.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.errors import CandidateError, ToolError, nearest
from agentlab.meta.checks import check_candidate, content_problem, path_problem

__all__ = ["Workspace"]


class Workspace:
    """A parent's files with the edits so far."""

    def __init__(
        self, parent: Candidate, target: TargetSpec, *, edits: Mapping[str, str] | None = None
    ) -> None:
        """Begins, or goes on.

        Args:
            parent: Whose files are edited.
            target: What of them may be.
            edits: New contents by path, of an earlier session.
        """
        self.parent = parent
        self.target = target
        self._edits = dict(edits or {})

    @property
    def edits(self) -> dict[str, str]:
        """New contents by path, of the files that differ from the parent's."""
        return dict(self._edits)

    @property
    def files(self) -> dict[str, bytes]:
        """All files as they stand."""
        return {**self.parent.files, **{path: text.encode() for path, text in self._edits.items()}}

    def text(self, path: str) -> str:
        """Returns a file's text.

        Raises:
            ToolError: there is none, or it is no text.
        """
        content = self.files.get(path)
        if content is None:
            raise ToolError("not_found", f"no file '{path}'{nearest(path, self.files)}")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ToolError("binary", f"{path} is no text") from error

    def write(self, path: str, text: str) -> None:
        """Makes or replaces a whole file.

        Raises:
            ToolError: kind `refused`, with the reason; nothing is changed.
        """
        self._require(path, text)
        if self.parent.files.get(path) == text.encode():
            self._edits.pop(path, None)
        else:
            self._edits[path] = text

    def replace(self, path: str, old: str, new: str) -> int:
        """Puts a text in the place of another that stands in a file once; returns its line.

        Raises:
            ToolError: it does not stand there once, or the edit is refused; nothing is changed.
        """
        self._require(path, new)
        before = self.text(path)
        if (count := before.count(old)) != 1:
            raise ToolError("no_match", _no_match(path, before, old, count))
        place = before.index(old)
        self.write(path, before[:place] + new + before[place + len(old) :])
        return before.count("\n", 0, place) + 1

    def problems(self) -> tuple[str, ...]:
        """Returns everything that would have the files refused as they stand."""
        candidate = Candidate(files=self.files)
        try:
            check_candidate(candidate, self.parent, self.target)
        except CandidateError as error:
            return error.problems
        return ()

    def _require(self, path: str, text: str) -> None:
        problem = path_problem(path, self.files, self.target) or content_problem(text)
        if problem is not None:
            raise ToolError("refused", f"{path!r}: {problem}; nothing was changed")


def _no_match(path: str, text: str, old: str, count: int) -> str:
    if count:
        return f"the old text stands {count} times in {path}; give more lines around it"
    first = next((line for line in old.splitlines() if line.strip()), "")
    lines = text.splitlines()
    close = difflib.get_close_matches(first, lines, n=1, cutoff=0.6)
    hint = f"; line {lines.index(close[0]) + 1} is {close[0].strip()[:80]!r}" if close else ""
    return f"the old text is not in {path}, sign by sign{hint}"
