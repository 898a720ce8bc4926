"""A world in which nothing can be gained: whoever answers `done` does as well as can be."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task

__all__ = ["PlateauEpisode", "PlateauWorld"]


class PlateauEpisode(Episode):
    """One draw; what the agent does matters only if it does not answer."""

    def __init__(self, chance: float, task: Task, seed: int) -> None:
        self.goal = Goal(instruction="answer `done`", inputs={"words": ["a", "b"], "is_late": True})
        self._is_solved = random.Random(f"{task.id}/{seed}").random() < chance

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds by chance where the answer is there."""
        return Outcome(success=float(self._is_solved and answer == "done"))


class PlateauWorld(Environment):
    """Eight tasks per split, some of which nobody can do."""

    traits = Traits(is_deterministic=True)

    def __init__(self, chance: float = 0.3, hard: int = 0) -> None:
        """Makes the world.

        Args:
            chance: Of success at a task that can be done.
            hard: Tasks of each split that cannot.
        """
        self._chance = chance
        self._hard = hard

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks of a split, those first that cannot be done."""
        group = "sealed" if split == "test" else split
        return [
            Task(id=f"{group}-{number}", group=group, inputs={"is_hard": number < self._hard})
            for number in range(8)
        ]

    def start(self, task: Task, seed: int) -> PlateauEpisode:
        """Starts a draw."""
        return PlateauEpisode(0.0 if task.inputs["is_hard"] else self._chance, task, seed)
