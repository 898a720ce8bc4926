"""What a run is made of, once it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Probed
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.core.value import JsonValue
from agentlab.experiment.build import World
from agentlab.experiment.config import Experiment
from agentlab.measure.best_per_task import TaskScores
from agentlab.search.desk import TrialDesk
from agentlab.search.finals import FinalPairs, final_pairs
from agentlab.search.lab import RunLab
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule
from agentlab.search.tries import Tries

__all__ = ["Outside", "RunParts", "build_parts"]


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


class Outside(NamedTuple):
    """What the lab of a run asks of the run's store, sandbox and budget."""

    candidate: Callable[[str], Candidate]
    trace: Callable[[str], Sequence[TraceFrame]]
    """Returns the frames of a trial, by its key."""

    probe: Callable[[str, JsonValue], Probed]
    """Runs a script over data."""

    earlier: Callable[[str], TrialRecord | None]
    """Returns a trial that was measured before, by its key."""

    budget_left: Callable[[], Mapping[str, float]]


def build_parts(
    experiment: Experiment, world: World, desk: TrialDesk, *, bench: str, outside: Outside
) -> RunParts:
    """Returns the parts of a run.

    Args:
        experiment: Which run.
        world: What was built of it.
        desk: Where its trials are asked for.
        bench: Digest of the bench that they belong to.
        outside: What its lab asks of others.
    """
    traits = world.traits
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=traits.is_seeded)
    measuring = Measuring(
        desk,
        bench=bench,
        needs_preparation=traits.needs_preparation,
        preparation_seed=experiment.seed,
        trace_share=experiment.measure.trace_share,
        is_seeded=traits.is_seeded,
        keeps_train_traces=experiment.reads_traces,
    )
    lab = RunLab(
        target=experiment.target.spec(),
        objective=experiment.objective,
        baseline=world.baseline,
        candidate=outside.candidate,
        tries=Tries(
            measuring,
            schedule,
            flush=desk.flush,
            trace=outside.trace,
            probe=outside.probe,
            earlier=outside.earlier,
        ),
        budget_left=outside.budget_left,
    )
    finals = final_pairs(schedule, experiment.measure.final_blocks)
    return RunParts(world, schedule, desk, measuring, lab, finals, TaskScores())
