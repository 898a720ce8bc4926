"""What the agent is told, and the read-only files that go with it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import Field

from agentlab.core.value import JsonValue, Value

__all__ = ["Blob", "Goal"]


class Goal(Value):
    """What the agent is told: an instruction in words and public inputs."""

    instruction: str
    """What to do, in natural words."""

    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """Public data of this instance. `Blob.reference` values arrive as paths of read-only files."""


class Blob(Value):
    """A large read-only file (corpus, array) that is mounted in the sandbox instead of sent."""

    path: Path
    """Where the file lies on the trusted side."""

    sha256: str
    """Content address, 64 hex digits; the file's name inside the sandbox."""

    @classmethod
    def of(cls, path: Path) -> Blob:
        """Returns the blob of a file, reading it once to address it."""
        with path.open("rb") as file:
            return cls(path=path.resolve(), sha256=hashlib.file_digest(file, "sha256").hexdigest())

    @property
    def reference(self) -> dict[str, JsonValue]:
        """The value to put into `Goal.inputs`; the candidate finds a path in its place."""
        return {"$blob": self.sha256}
