"""Worlds that hand out tasks and then fail, or are not what they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agentlab.core.environment import Episode, Traits
from agentlab.core.task import Task
from agentlab.testing.environments.noisy import NoisyEnvironment

__all__ = ["BrokenWorld", "UnpreparedWorld", "VersionedWorld"]


class BrokenWorld(NoisyEnvironment):
    """Raises at each start."""

    def start(self, task: Task, seed: int) -> Episode:  # type: ignore[override]
        raise RuntimeError("the world is closed")


class UnpreparedWorld(NoisyEnvironment):
    """Raises at each preparation; its tasks would run."""

    traits = Traits(needs_preparation=True)

    def preparation(self, seed: int) -> Episode | None:
        raise RuntimeError("no room for an index")


class VersionedWorld(NoisyEnvironment):
    """Has the version that a file says."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self._version = Path(version)

    def fingerprint(self) -> Mapping[str, str]:
        return {"simulator": self._version.read_text()}
