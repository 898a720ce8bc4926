"""The agent being optimised, and one version of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field

from agentlab.core.value import Value, digest

__all__ = ["CANARY", "Candidate", "Files", "Provenance", "TargetSpec", "files_digest"]

CANARY = "canary"
"""The source of candidates that change nothing on average: they watch the gate."""

Files = Mapping[str, bytes]
"""Contents by path, relative to the target's folder, with forward slashes."""

Provenance = Literal["baseline", "typed", "curated", "model"]
"""Who wrote the edit: nobody, our typed operators, a person's folder of ideas, a language model."""


def files_digest(files: Files) -> str:
    """Returns the content address of a set of files, 32 hex digits."""
    return digest({path: digest(content) for path, content in files.items()})


class TargetSpec(Value):
    """What of a target may be rewritten and how it is called."""

    entry: str = "agent.py:solve"
    """`file.py:function`, called as `solve(goal, tools)`; its return value is the answer."""

    prepare: str | None = None
    """`file.py:function`, called once per candidate and seed as `prepare(goal, tools)`."""

    editable: tuple[str, ...] = ("*.py",)
    """Glob patterns of the files that a meta-agent may change; all others are frozen."""

    packages: tuple[str, ...] = ()
    """Distributions that the target imports; their files alone are mounted."""

    def is_editable(self, path: str) -> bool:
        """Returns whether a meta-agent may change this file."""
        return any(fnmatchcase(path, pattern) for pattern in self.editable)

    def refusal(self, path: str) -> str:
        """Returns why a file that is not editable may not be changed."""
        return f"frozen (editable: {', '.join(self.editable)})"


class Candidate(Value):
    """One version of the target: immutable, content-addressed."""

    files: dict[str, bytes]
    """All files of the target, editable and frozen."""

    parent: str | None = None
    """Digest of the candidate that it was made from; None for the baseline."""

    hypothesis: str = ""
    """What the edit should change, and how one would see that it did not."""

    source: str = "baseline"
    """The meta-agent that proposed it: `mutation`, `ideas`, ..."""

    label: str = ""
    """What it is called in a table: an operator and a place, an idea's name."""

    provenance: Provenance = Field(default="baseline")

    @functools.cached_property
    def digest(self) -> str:
        """Content address of the files alone: the same files are the same candidate."""
        return files_digest(self.files)

    @property
    def is_canary(self) -> bool:
        """Whether it is there to watch the gate; it is never kept."""
        return self.source == CANARY

    def with_files(self, files: Files, *, parent: str) -> Candidate:
        """Returns the same proposal with other files, made from another parent."""
        # Not model_copy: it would carry the cached digest along.
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return Candidate(**{**kept, "files": dict(files), "parent": parent})
