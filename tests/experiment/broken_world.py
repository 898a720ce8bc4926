"""A world that hands out tasks and starts none."""

from __future__ import annotations

from agentlab.core.environment import Episode
from agentlab.core.task import Task
from agentlab.testing.environments.noisy import NoisyEnvironment

__all__ = ["BrokenWorld"]


class BrokenWorld(NoisyEnvironment):
    """Raises at each start."""

    def start(self, task: Task, seed: int) -> Episode:  # type: ignore[override]
        raise RuntimeError("the world is closed")
