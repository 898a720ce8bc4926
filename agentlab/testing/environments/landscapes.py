"""Worlds of knobs whose landscape is planted: rugged, sparse, or flat until one is near.

As in the noisy world, knobs make the chance of success; here what counts is by how many doublings a
knob is off, so that a number of any size can be right. How fast a search gets where is known is
tried on them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool

__all__ = [
    "GradedEnvironment",
    "Landscape",
    "LandscapeEpisode",
    "RuggedEnvironment",
    "SparseEnvironment",
]

_FAR = 4.0
"""Doublings by which a knob is off at most; one that is not above 0 is as far off."""


class Landscape(NamedTuple):
    """What knobs are worth."""

    optimum: tuple[float | None, ...]
    """Where each knob belongs; None where it does nothing."""

    slope: float
    """Chance lost per doubling that a knob is off."""

    ripple: float = 0.0
    """Chance lost at the bottom of each of the dips between which a knob is a little better."""

    needed: float = 0.0
    """Chance below which nothing succeeds."""

    shows_progress: bool = False

    def chance(self, knobs: Sequence[float]) -> float:
        """Returns the chance of success that knobs make before `needed` is asked for, in [0, 1].

        >>> Landscape(optimum=(2.0, None), slope=0.25).chance((4.0, 9.0))
        0.75
        """
        lost = 0.0
        for knob, best in zip(knobs, self.optimum, strict=True):
            if best is not None:
                off = min(_FAR, abs(math.log2(knob / best))) if knob > 0 else _FAR
                lost += self.slope * off + self.ripple * (1 - math.cos(4 * math.pi * off)) / 2
        return max(0.0, 1.0 - lost)


class LandscapeEpisode(Episode):
    """One draw: the same task and seed draw the same number, so that candidates are paired."""

    def __init__(self, landscape: Landscape, task: Task, seed: int) -> None:
        size = len(landscape.optimum)
        self.goal = Goal(instruction="set each knob with `turn`", inputs={"knobs": size})
        self._landscape = landscape
        self._draw = random.Random(f"{task.id}/{seed}").random()
        self._knobs = [0.0] * size

    @tool
    def turn(self, knob: int, to: float) -> float:
        """Sets a knob, counted from 0, to a value above 0 and returns what it was."""
        index = knob % len(self._knobs)
        before, self._knobs[index] = self._knobs[index], to
        return before

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds with the chance that the knobs make; the answer does not matter."""
        chance = self.chance
        is_enough = chance >= self._landscape.needed
        return Outcome(
            success=float(is_enough and self._draw < chance),
            progress=chance if self._landscape.shows_progress else None,
        )

    @property
    def chance(self) -> float:
        """The chance of success that the knobs make by now, whatever is needed."""
        return self._landscape.chance(self._knobs)


class _LandscapeEnvironment(Environment):
    traits = Traits(is_deterministic=True)
    landscape: Landscape

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks of a split, those of the test in a group of their own."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(12)]

    def start(self, task: Task, seed: int) -> LandscapeEpisode:
        """Starts a draw."""
        return LandscapeEpisode(self.landscape, task, seed)


class RuggedEnvironment(_LandscapeEnvironment):
    """Four knobs with dips between many places that are a little better."""

    landscape = Landscape(optimum=(0.8, 1.1, 1.7, 2.1), slope=0.14, ripple=0.1)


class SparseEnvironment(_LandscapeEnvironment):
    """Twelve knobs, three of which do anything."""

    landscape = Landscape(
        optimum=(None, 17.0, None, None, 8.5, None, None, None, None, 0.6, None, None), slope=0.2
    )


class GradedEnvironment(_LandscapeEnvironment):
    """Five knobs; nothing succeeds until they are nearly right, but it tells how near they are."""

    landscape = Landscape(
        optimum=(1.1, 0.8, 4.0, 0.5, 2.2), slope=0.12, needed=0.6, shows_progress=True
    )
