"""What attempts came to, kept in the run's folder, so that none is paid twice."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from agentlab.core.value import Value
from agentlab.store.durable import write_durably

__all__ = ["Attempted", "AttemptsFolder"]


class Attempted(Value):
    """One attempt of a coding agent at a proposal."""

    changed: dict[str, str] = Field(default_factory=dict)
    """New contents of editable files, by path."""

    hypothesis: str = ""
    """What it says that its edit should change."""

    problem: str = ""
    """Why it came to nothing, or why what it came to is refused; empty where neither."""

    is_broken: bool = False
    """Whether the command itself did not work: it could not be started, hung, or failed and changed
    nothing."""

    cost_usd: float | None = Field(default=None, ge=0)
    """US dollars, as the agent itself says; None where it does not say."""

    wall_s: float = Field(default=0.0, ge=0)
    brief: str = ""
    """What it was told."""

    said: str = ""
    """What it printed, without the values of its keys."""


class AttemptsFolder:
    """Attempts of a run by key, a JSON file for each; without a folder, in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Attempted] = {}

    def get(self, key: str) -> Attempted | None:
        """Returns an attempt that was made earlier and came to an end, or None."""
        if key not in self._known and self._path is not None:
            try:
                text = (self._path / f"{key}.json").read_bytes()
                self._known[key] = Attempted.model_validate_json(text)
            except (FileNotFoundError, ValidationError):
                return None
        found = self._known.get(key)
        return None if found is None or found.is_broken else found

    def put(self, key: str, attempt: Attempted) -> None:
        """Keeps an attempt."""
        self._known[key] = attempt
        if self._path is not None:
            self._path.mkdir(exist_ok=True)
            write_durably(self._path / f"{key}.json", attempt.model_dump_json().encode())
