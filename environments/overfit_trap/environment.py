"""A habit that pays in towns that were seen and harms in all others: an overfit, planted.

At a crossing three cues say left or right. The eye is right in 60 of 100 cases wherever one is. The
landmark is right in 80 in towns that were seen and in 46 elsewhere: whoever follows it gains 20
points on groups that were seen and loses 14 on all others. The compass is the honest improvement:
it is right in 90 everywhere. One draw decides on all of them, so that few trials tell them apart.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task

__all__ = ["ENVIRONMENT", "CrossingEpisode", "OverfitTrapEnvironment"]

_SEEN: Mapping[str, float] = {"eye": 0.6, "landmark": 0.8, "compass": 0.9}
_UNSEEN: Mapping[str, float] = {"eye": 0.6, "landmark": 0.46, "compass": 0.9}
"""How often each cue is right."""

_TOWNS = 30
"""In each split, a group each."""


class CrossingEpisode(Episode):
    """One crossing."""

    def __init__(self, task: Task, seed: int) -> None:
        draw = random.Random(f"{task.id}/{seed}")
        self._way = draw.choice(("left", "right"))
        other = "left" if self._way == "right" else "right"
        drawn = draw.random()
        chances = _SEEN if task.inputs["is_seen"] else _UNSEEN
        cues: dict[str, JsonValue] = {
            cue: self._way if drawn < chance else other for cue, chance in chances.items()
        }
        self.goal = Goal(instruction="answer the way to the station", inputs=cues)

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the way."""
        return Outcome(success=float(answer == self._way))


class OverfitTrapEnvironment(Environment):
    """Crossings in towns; those of the test are seen by nobody."""

    traits = Traits(is_deterministic=True)

    def __init__(self, seen: Literal["validation", "train", "both"] = "validation") -> None:
        """Makes the world.

        Args:
            seen: The split in whose towns the landmark helps, since it was picked there. With
                `both`, validation has the towns of train: then nothing but the test is unseen.
        """
        self._seen = seen

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns a crossing for each town of a split."""
        is_both = self._seen == "both" and split != "test"
        name = "train" if is_both else split
        return [
            Task(
                id=f"{name}-{town}",
                group=f"{name}-{town}",
                inputs={"is_seen": is_both or split == self._seen},
            )
            for town in range(_TOWNS)
        ]

    def start(self, task: Task, seed: int) -> CrossingEpisode:
        """Comes to a crossing."""
        return CrossingEpisode(task, seed)


ENVIRONMENT = OverfitTrapEnvironment
