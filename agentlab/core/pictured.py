"""Trials that were run again for a person to look at."""

from __future__ import annotations

from typing import Literal

from agentlab.core.outcome import Fate
from agentlab.core.task import SplitName
from agentlab.core.value import Value

__all__ = ["Pictured", "Which", "Who"]

Which = Literal["worst", "best"]
"""`worst`: the one that failed most. `best`: the one that did best."""


Who = Literal["winner", "baseline", "target"]
"""`target`: that of an evaluation, which compares nothing."""


class Pictured(Value):
    """A trial, and the files that the environment made to show what happened in it."""

    who: Who
    which: Which
    candidate: str
    """Digest of the candidate's files."""

    split: SplitName
    task: str
    seed: int
    fate: Fate
    """How it ended when it was run again; a world that is not deterministic may differ."""

    success: float
    reason: str = ""
    """Why it ended so, where it was not judged."""

    folder: str
    """Where the files are: below the run's folder, or as it was asked for."""

    files: tuple[str, ...]
    """Their names: letters, digits, `_`, `.` and `-`."""
