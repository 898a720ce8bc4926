"""What is measured, and refused, before the first proposal: by `check`, and at each run's start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Yardstick
from agentlab.core.outcome import Fate
from agentlab.core.readiness import Readiness
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError, NotReady
from agentlab.experiment.build import World
from agentlab.experiment.config import Experiment
from agentlab.experiment.splits import few_clusters
from agentlab.measure.metrics import readings
from agentlab.measure.readiness import readiness_of
from agentlab.measure.rehearsal import Planned
from agentlab.measure.rules.choice import rule_of
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.search.lab import RunLab
from agentlab.search.loop import proposal_seed
from agentlab.search.measuring import Measuring
from agentlab.search.rehearsing import EDITS, NULL_AGENT, Cast, rehearse, yardstick_candidate
from agentlab.search.schedule import Schedule

__all__ = ["Ready", "get_ready", "require_clusters", "require_ready", "require_running"]

_SMOKE_TRIALS = 3
_LEAST_TRIAL_S = 0.001


class Ready(NamedTuple):
    """What is known, and from which trials."""

    readiness: Readiness
    records: Sequence[TrialRecord]


def require_running(world: World, measuring: Measuring, schedule: Schedule) -> None:
    """Refuses a target that breaks on each of its first trials: nothing can be learnt from it.

    Raises:
        InputError: it does, or its `prepare()` breaks.
        NothingMeasurable: our side could not run it.
    """
    measuring.require_prepared(world.baseline)
    pairs = schedule.block("train", "halving0", 0)[:_SMOKE_TRIALS]
    records = measuring.on(world.baseline, pairs, trace="unsolved")
    counted = [record for record in records if record.fate is not Fate.INFRA]
    if counted and not any(record.fate.is_judged for record in counted):
        worst = counted[0]
        raise InputError(
            f"the target breaks on each of its first trials: {worst.fate}: {worst.reason}"
        )


def require_clusters(
    experiment: Experiment, world: World, measuring: Measuring, schedule: Schedule
) -> None:
    """Refuses a fixed data set that is too small; only its records tell how many items it has.

    What it measures the search needs anyway: the target on validation.

    Raises:
        InputError: with the number that is missing.
    """
    if schedule.has_fresh_seeds:
        return
    records = measuring.on(world.baseline, schedule.block("validation", "gate0", 0))
    found: dict[SplitName, int] = {
        "validation": len({r.cluster for record in records for r in readings(record, "success")})
    }
    if not any(record.items for record in records):
        found["test"] = len(world.tasks["test"])
    problems = [
        f"environment: {few}; a fixed data set has no fresh seeds: add "
        f"{experiment.measure.min_clusters - clusters}"
        for split, clusters in found.items()
        if (few := few_clusters(split, clusters, experiment.measure))
    ]
    if problems:
        raise InputError(*problems)


def get_ready(
    experiment: Experiment, world: World, measuring: Measuring, schedule: Schedule, *, slots: int
) -> Ready:
    """Measures what a run can show, once `require_running` has found that the target runs.

    Args:
        experiment: Which run.
        world: Its tasks and target.
        measuring: Gives records.
        schedule: Gives pairs.
        slots: Trials at one time, for the time that more of them would take.
    """
    cast = Cast(world.baseline, _edits(experiment, world), _yardsticks(experiment, world))
    rehearsal = rehearse(
        measuring,
        schedule,
        cast,
        objective=experiment.objective,
        traits=world.traits,
        budget=experiment.budget,
        slots=slots,
    )
    records = rehearsal.records
    trial_s = sum(record.usage.wall_s for record in rehearsal.target) / len(rehearsal.target)
    planned = Planned(
        tasks=len(world.tasks["validation"]),
        train_tasks=len(world.tasks["train"]),
        has_fresh_seeds=schedule.has_fresh_seeds,
        trials_per_s=slots / max(trial_s, _LEAST_TRIAL_S),
        accepts_noise="noise" in experiment.accept,
    )
    readiness = readiness_of(
        rehearsal, objective=experiment.objective, traits=world.traits, planned=planned
    )
    return Ready(readiness, records)


def require_ready(readiness: Readiness) -> None:
    """Refuses a run that would show nothing, unless that was accepted.

    Raises:
        NotReady: with every reason.
    """
    if readiness.problems and not readiness.is_accepted:
        refused = NotReady(*(problem.said for problem in readiness.problems))
        refused.add_note("so it was measured; to go on all the same, add: --accept-noise")
        raise refused


def _edits(experiment: Experiment, world: World) -> Sequence[Candidate]:
    """Returns typed edits of the target; where only these are proposed, the first of them."""
    lab = RunLab(
        target=experiment.target.spec(),
        objective=experiment.objective,
        baseline=world.baseline,
        candidate=lambda _: world.baseline,
    )
    count = max(EDITS, rule_of(experiment.objective.rule).siblings)
    seed = proposal_seed(experiment.seed, 1)
    return MutationAgent().propose(lab, [world.baseline], count=count, seed=seed)[:EDITS]


def _yardsticks(experiment: Experiment, world: World) -> dict[Yardstick, Candidate]:
    target = experiment.target.spec()
    offered = {"null": NULL_AGENT, **world.yardsticks}
    return {name: yardstick_candidate(name, files, target) for name, files in offered.items()}
