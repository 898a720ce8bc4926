"""A world of many small calls: a mass is pushed to a goal in a hundred steps, numbers both ways."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Metric, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.errors import ToolError

__all__ = ["StepperEnvironment", "StepperEpisode"]

_STEPS = 100
_STEP_S = 0.05
_NEAR = 0.05
"""How near the goal, and how slow, is there: metres, metres per second."""

_FORCE_MAX = 10.0

Force = Annotated[float, Field(ge=-_FORCE_MAX, le=_FORCE_MAX, allow_inf_nan=False)]

_ORACLE = f"""
def solve(goal, tools):
    x, y, vx, vy = tools.look()
    for _ in range(goal.inputs["steps"]):
        pushes = [
            max(-{_FORCE_MAX}, min({_FORCE_MAX}, 6 * (wanted - place) - 4 * speed))
            for wanted, place, speed in zip(goal.inputs["goal"], (x, y), (vx, vy))
        ]
        x, y, vx, vy = tools.push(*pushes)
"""


class StepperEpisode(Episode):
    """A mass on a plane with friction; where it starts and what it weighs comes from the seed."""

    def __init__(self, friction: float, seed: int) -> None:
        draw = random.Random(f"{friction}/{seed}")
        self._mass_kg = draw.uniform(0.8, 1.2)
        self._friction = friction
        self._position = [draw.uniform(-1, 1), draw.uniform(-1, 1)]
        self._speed = [0.0, 0.0]
        self._goal = [draw.uniform(-1, 1), draw.uniform(-1, 1)]
        self._steps_left = _STEPS
        self._energy = 0.0
        self.goal = Goal(
            instruction="bring the mass to rest at the goal",
            inputs={"goal": [*self._goal], "steps": _STEPS, "step_s": _STEP_S},
        )

    @tool(step=False)
    def look(self) -> list[float]:
        """Returns position and speed as [x, y, vx, vy]."""
        return [*self._position, *self._speed]

    @tool
    def push(self, x: Force, y: Force) -> list[float]:
        """Pushes for one step, newtons, and returns [x, y, vx, vy]."""
        if not self._steps_left:
            raise ToolError("over", f"all {_STEPS} steps are made")
        self._steps_left -= 1
        for axis, force in enumerate((x, y)):
            pull = (force - self._friction * self._speed[axis]) / self._mass_kg
            self._speed[axis] += pull * _STEP_S
            self._position[axis] += self._speed[axis] * _STEP_S
            self._energy += abs(force * self._speed[axis]) * _STEP_S
        return self.look()

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the mass rests at the goal; what the candidate says does not matter."""
        distance = math.dist(self._position, self._goal)
        is_there = distance < _NEAR and math.hypot(*self._speed) < _NEAR
        return Outcome(
            success=float(is_there),
            metrics={"energy": self._energy},
            progress=math.exp(-distance),
            feedback=f"{distance:.3f} m from the goal at {math.hypot(*self._speed):.3f} m/s",
        )


class StepperEnvironment(Environment):
    """Four kinds of ground; two more, seen by nobody, for the test."""

    traits = Traits(
        metrics=(Metric(name="energy", direction="lower", unit="J"),), is_deterministic=True
    )

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns a task for each kind of ground."""
        frictions = (0.1, 2.0) if split == "test" else (0.2, 0.5, 1.0, 1.5)
        return [
            Task(id=f"friction-{f}", group=f"ground-{f}", inputs={"friction": f}) for f in frictions
        ]

    def start(self, task: Task, seed: int) -> StepperEpisode:
        """Puts a mass on the ground."""
        friction = task.inputs["friction"]
        assert isinstance(friction, float)
        return StepperEpisode(friction, seed)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that is damped as this ground and these masses want it."""
        return {"oracle": {"agent.py": _ORACLE.encode()}}
