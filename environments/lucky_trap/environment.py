"""A proposal that is lucky on the seeds of the search and nothing elsewhere: luck, planted.

A coin is tossed. To call heads is as good as to call tails: right in 50 of 100 cases. With the
seed of `experiments/traps/lucky.yaml`, heads come up in 24 of the 36 trials of halving and in 11 of
the 12 at which rules that are no tests look, so that calling them seems a great gain. The honest
improvement is to look at the glimpse that is given: it is right in 80 of 100.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task

__all__ = ["ENVIRONMENT", "LuckyTrapEnvironment", "TossEpisode"]

_GLIMPSE = 0.8
"""How often the glimpse shows the side that the coin falls on."""

_TABLES = 12
"""In each split; those of the test are others."""


class TossEpisode(Episode):
    """One toss."""

    def __init__(self, task: Task, seed: int) -> None:
        draw = random.Random(f"{task.id}/{seed}")
        self._side = draw.choice(("heads", "tails"))
        other = "tails" if self._side == "heads" else "heads"
        seen = self._side if draw.random() < _GLIMPSE else other
        self.goal = Goal(instruction="call the side that the coin falls on", inputs={"seen": seen})

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the side."""
        return Outcome(success=float(answer == self._side))


class LuckyTrapEnvironment(Environment):
    """Tosses at tables; nothing about a table helps."""

    traits = Traits(is_deterministic=True)

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns a toss for each table of a split."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{table}", group=group) for table in range(_TABLES)]

    def start(self, task: Task, seed: int) -> TossEpisode:
        """Tosses a coin."""
        return TossEpisode(task, seed)


ENVIRONMENT = LuckyTrapEnvironment
