"""What a run is made of, once it is open."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.experiment.build import World
from agentlab.measure.best_per_task import TaskScores
from agentlab.search.desk import TrialDesk
from agentlab.search.finals import FinalPairs
from agentlab.search.lab import RunLab
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["RunParts"]


class RunParts(NamedTuple):
    """The parts that a run's phases share."""

    world: World
    schedule: Schedule
    desk: TrialDesk
    measuring: Measuring
    lab: RunLab
    finals: FinalPairs
    seen: TaskScores
    """Of the trials that were looked at, those of the test left out."""

    @property
    def last_trials(self) -> int:
        """How many trials come after the search, at most."""
        return 2 * sum(len(pairs) for pairs in self.finals)
