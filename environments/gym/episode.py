"""One live episode of a world, and the tools by which an agent sees and acts."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field, JsonValue

from agentlab.core.environment import Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.tool import tool
from agentlab.errors import ToolError

from .course import Aim, Course
from .world import World, begin, is_success

__all__ = ["GymEpisode"]

Index = Annotated[int, Field(ge=0)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class GymEpisode(Episode):
    """Wraps one reset of a world; the world holds the truth, and the judge reads it there."""

    def __init__(self, world: World, aim: Aim, goal: Goal, seed: int) -> None:
        self.goal = goal
        self._world = world
        self._course = Course(aim)
        self._indices: list[int] | None = None
        self._decimals: int | None = None
        self._seen = world.observation.numbers(begin(world.env, seed, world.resets))

    @tool(step=False)
    def watch(
        self,
        indices: list[Index] | None = None,
        decimals: Annotated[int, Field(ge=0, le=17)] | None = None,
    ) -> list[float]:
        """Chooses what is seen from now on and returns it; what is returned is charged.

        Args:
            indices: Only these numbers of the observation, in this order; all if not given.
            decimals: To how many decimals; exact if not given.
        """
        beyond = [index for index in indices or () if index >= self._world.observation.size]
        if beyond:
            raise ToolError(
                "bad_arguments",
                f"no number {beyond[0]} in the observation; it has {self._world.observation.size}",
            )
        self._indices, self._decimals = indices, decimals
        return self._view()

    @tool
    def step(self, action: Number | list[Number]) -> list[list[float] | float | bool]:
        """Acts for one step; returns [observation, reward, terminated, truncated]."""
        if self._course.is_over:
            raise ToolError("episode_over", f"it ended at step {self._course.length}")
        reward, terminated, truncated = self._advance(self._world.action.value(action))
        if self._course.broke:
            raise ToolError("unstable", "the simulation left the finite numbers; it is over")
        return [self._view(), reward, terminated, truncated]

    def judge(self, answer: JsonValue) -> Outcome:
        """Judges what the world came to; what the agent answers does not matter.

        Where the agent left before the end, the world plays on without action: to leave at a
        moment that looks good gains nothing.
        """
        played_on = 0
        while not self._course.is_over:
            self._advance(self._world.action.neutral())
            played_on += 1
        return self._course.outcome(has_success=self._world.tells_success, played_on=played_on)

    def _advance(self, action: Any) -> tuple[float, bool, bool]:  # Any: a value of the space
        seen, reward, terminated, truncated, info = self._world.env.step(action)
        numbers, gained = self._world.observation.numbers(seen), float(reward)
        if not all(map(math.isfinite, (gained, *numbers))):
            self._course.broke = True
            numbers, gained, terminated = [0.0] * len(numbers), 0.0, True
        self._seen = numbers
        is_over = bool(terminated or truncated)
        self._course.add(gained, succeeds=bool(is_success(info)), is_over=is_over)
        return gained, bool(terminated), bool(truncated)

    def _view(self) -> list[float]:
        seen = self._seen
        if self._indices is not None:
            seen = [seen[index] for index in self._indices]
        return seen if self._decimals is None else [round(n, self._decimals) for n in seen]
