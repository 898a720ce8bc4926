"""Demonstrations for a target's `prepare`: the expert at work on train tasks, as tool results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, JsonValue

from agentlab.core.environment import Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.tool import tool
from agentlab.errors import ToolError

__all__ = ["Demonstrations", "Scribe"]


class Demonstrations(Episode):
    """The episode in which a target is prepared; each demonstration is played when asked for."""

    def __init__(self, count: int, play: Callable[[int], JsonValue]) -> None:
        """Begins with none.

        Args:
            count: How many there are.
            play: Returns one by its number.
        """
        self.goal = Goal(
            instruction="Learn from demonstrations what helps with tasks like theirs.",
            inputs={"demonstrations": count},
        )
        self._count = count
        self._play = play

    @tool
    def demonstration(self, number: Annotated[int, Field(ge=0)]) -> JsonValue:
        """Returns one demonstration: instruction, inputs, and for each step what was told and seen.

        Args:
            number: From 0; the goal says how many there are.
        """
        if number >= self._count:
            raise ToolError("no_such_demonstration", f"there are {self._count}, from 0")
        return self._play(number)

    def judge(self, answer: JsonValue) -> Outcome:
        """Judges nothing: what was learned shows in the tasks."""
        return Outcome(success=1.0)


class Scribe:
    """Tools that write down each step: what was told (`to`, `grip`) and what was seen after it."""

    def __init__(self, tools: Any) -> None:  # Any: the tools of an episode, or a stub's
        self._tools = tools
        self.Error = tools.Error
        self.steps: list[JsonValue] = []

    def observe(self, **asked: Any) -> Any:
        """Looks; nothing is told, so nothing is written down."""
        return self._tools.observe(**asked)

    def step(self, **asked: Any) -> Any:
        """Acts, and writes down what was told and what was seen."""
        seen = self._tools.step(**asked)
        to = [round(value, 4) for value in asked["to"]]
        told = {"to": to, "grip": asked["grip"]}
        self.steps.append({"told": told, "seen": dict(seen)})
        return seen
