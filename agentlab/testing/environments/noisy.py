"""A world of planted chances: fast, stochastic by seed, its optimum known.

The target plays knobs in [0, 1]; how near each is to its hidden optimum makes the chance of
success. Loops, resumes and A/A tests are tried on it in seconds.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool

__all__ = ["OPTIMUM", "NoisyEnvironment", "NoisyEpisode"]

OPTIMUM = (0.9, 0.1, 0.6)
"""Where the chance of success is highest, unless the world is given another."""


class NoisyEpisode(Episode):
    """One draw: the same seed draws the same number, so that candidates are paired."""

    def __init__(self, task: Task, seed: int, optimum: Sequence[float] = OPTIMUM) -> None:
        self._optimum = optimum
        self.goal = Goal(instruction="set each knob with `turn`, then answer", inputs={"knobs": 3})
        self._draw = random.Random(f"{task.id}/{seed}").random()
        self._knobs = [0.5] * len(OPTIMUM)

    @tool
    def turn(self, knob: int, to: float) -> float:
        """Sets a knob (0, 1 or 2) to a value in [0, 1] and returns what it was."""
        index = knob % len(self._knobs)
        before, self._knobs[index] = self._knobs[index], min(1.0, max(0.0, to))
        return before

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds with the chance that the knobs make; the answer does not matter."""
        distance = sum(abs(k - o) for k, o in zip(self._knobs, self._optimum, strict=True))
        chance = max(0.0, 1.0 - distance)
        return Outcome(success=float(self._draw < chance), progress=chance)


class NoisyEnvironment(Environment):
    """Twelve tasks per split, the test's in groups of their own."""

    traits = Traits(context_meter="read_tokens", is_deterministic=True)

    def __init__(self, optimum: Sequence[float] = OPTIMUM) -> None:
        """Makes the world.

        Args:
            optimum: Where each of the three knobs belongs.
        """
        self._optimum = optimum

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks of a split."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(12)]

    def start(self, task: Task, seed: int) -> NoisyEpisode:
        """Starts a draw."""
        return NoisyEpisode(task, seed, self._optimum)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that knows the optimum."""
        oracle = f"""
def solve(goal, tools):
    for knob, value in enumerate({tuple(self._optimum)}):
        tools.turn(knob, value)
"""
        return {"oracle": {"agent.py": oracle.encode()}}
