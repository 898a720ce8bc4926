"""Columns to compare a run with: simpler searches, given as many trials, on the same final seeds.

Each is a run of its own in a folder below the run's, so that it is gone on with after a kill as the
run is, and can be looked into as the run can. It shares the run's executor, and what the run has
measured of the target and its winner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.counting import counted
from agentlab.core.progress import Observer, Progress
from agentlab.core.result import Comparison, RunResult
from agentlab.core.task import SplitName
from agentlab.experiment.build import World, bench_of
from agentlab.experiment.config import BaselineName, Experiment, NumericConfig
from agentlab.experiment.journal import StoreJournal, begin_run
from agentlab.experiment.load import experiment_to_yaml
from agentlab.experiment.run import execute
from agentlab.experiment.sealed import look_by_run
from agentlab.meta.mutation.random_edits import RandomEdits
from agentlab.search.budget import Budget
from agentlab.search.desk import TrialDesk
from agentlab.search.finals import final_pairs, measure_finals
from agentlab.search.lab import RunLab
from agentlab.search.measuring import Measuring
from agentlab.search.random_search import random_search
from agentlab.search.schedule import Schedule
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from agentlab.trials.executor import Executor

__all__ = ["announce_baselines", "with_baselines"]


class _Side(NamedTuple):
    """One baseline's run."""

    experiment: Experiment
    world: World
    executor: Executor
    folder: RunFolder
    store: Store
    journal: StoreJournal
    observer: Observer
    trials: int

    @property
    def on_test(self) -> Callable[[str], None]:
        """What records a look at the test."""
        is_seeded = self.world.traits.is_seeded
        return look_by_run(self.experiment, self.store, self.folder, has_fresh_seeds=is_seeded)


class _Found(NamedTuple):
    winner: Candidate
    trials: int
    proposals: int
    kept: int


def announce_baselines(experiment: Experiment, observer: Observer) -> None:
    """Says beforehand what the baselines will take."""
    names = experiment.measure.baselines
    if names and not experiment.is_debug:
        observer.note(
            f"baselines {', '.join(names)}: after the run, each has as many trials as its search "
            f"took; all in all about {len(names) + 1} times the time"
        )


def with_baselines(
    experiment: Experiment,
    world: World,
    executor: Executor,
    *,
    result: RunResult,
    store: Store,
    folder: RunFolder,
    observer: Observer,
) -> RunResult:
    """Returns a run's result with a column for each baseline that the experiment asks for.

    Raises:
        NothingMeasurable: our side failed too often; what finished is kept.
    """
    if experiment.is_debug:
        return result
    # A canary watches the gate; it is no part of what a search takes.
    decisions = [one for one in store.decisions(folder.name) if not one.is_canary]
    trials = max(1, sum(decision.trials for decision in decisions))
    winner = store.candidate(folder.name, result.winner_digest)
    known = {record.key: record for record in store.trials(folder.name)}
    columns = []
    for name in experiment.measure.baselines:
        observer.note(f"baseline {name}: {counted(trials, 'trial')}")
        # What the run expected and did not need is still on its way, and nobody else's.
        while executor.in_flight:
            executor.next_finished(1.0)
        place = RunFolder(folder.path / "baselines" / f"{folder.name}-{name}")
        smaller = _without_baselines(experiment, name, trials)
        own = _opened(smaller, place)
        try:
            journal = StoreJournal(own, place, known=known)
            side = _Side(smaller, world, executor, place, own, journal, observer, trials)
            found = _SEARCHES[name](side)
            journal = StoreJournal(own, place, known=known)
            columns.append(_column(name, side._replace(journal=journal), found, winner))
            own.update_run(place.name, status="completed")
        finally:
            own.close()
    return result.model_copy(update={"baselines": tuple(columns)})


def _without_baselines(experiment: Experiment, name: str, trials: int) -> Experiment:
    return experiment.model_copy(
        update={
            "name": f"{experiment.name}-{name}"[:64],
            "meta": (NumericConfig(kind="numeric"),),
            "rounds": None,
            "search": experiment.search.model_copy(
                update={"strategy": "greedy", "patience": None, "canaries": 0.0}
            ),
            "budget": Budget(trials=trials),
            "measure": experiment.measure.model_copy(update={"baselines": ()}),
        }
    )


def _opened(experiment: Experiment, folder: RunFolder) -> Store:
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.experiment.write_text(experiment_to_yaml(experiment), encoding="utf-8")
    store = Store(experiment.store or folder.database_url)
    if folder.name not in {run.name for run in store.runs()}:
        begin_run(store, folder.name, experiment)
    return store


def _numeric(side: _Side) -> _Found:
    """The numeric optimiser alone, by the same gate."""
    result = execute(
        side.experiment,
        side.world,
        side.executor,
        journal=side.journal,
        folder=side.folder,
        observer=side.observer,
        on_test=side.on_test,
    )
    side.store.update_run(
        side.folder.name, status=result.status, result=result.model_dump(mode="json")
    )
    decisions = side.store.decisions(side.folder.name)
    return _Found(
        side.journal.candidate(result.winner_digest),
        sum(decision.trials for decision in decisions),
        result.candidates.proposed,
        result.candidates.kept,
    )


def _random(side: _Side) -> _Found:
    """Typed edits at random, and the highest score on train: no bandit, no gate."""
    baseline = side.world.baseline
    candidates = {baseline.digest: baseline}

    def add(candidate: Candidate) -> None:
        candidates[candidate.digest] = candidate
        side.journal.add_candidate(candidate)

    add(baseline)
    desk, measuring = _measuring(side)
    try:
        found = random_search(
            RandomEdits(),
            measuring,
            _schedule(side),
            lab=RunLab(
                target=side.experiment.target.spec(),
                objective=side.experiment.objective,
                baseline=baseline,
                candidate=candidates.__getitem__,
            ),
            baseline=baseline,
            traits=side.world.traits,
            trials=side.trials,
            seed=side.experiment.seed,
            add_candidate=add,
        )
    finally:
        desk.flush()
    return _Found(*found)


_SEARCHES: Mapping[BaselineName, Callable[[_Side], _Found]] = {
    "random": _random,
    "numeric": _numeric,
}


def _column(name: str, side: _Side, found: _Found, winner: Candidate) -> Comparison:
    """Measures what a baseline found on the seeds on which the run's winner was measured."""
    side.journal.add_candidate(winner)
    desk, measuring = _measuring(side)
    try:
        for candidate in (found.winner, winner):
            measuring.require_prepared(candidate)
        finals = measure_finals(
            measuring,
            final_pairs(_schedule(side), side.experiment.measure.final_blocks),
            baseline=found.winner,
            winner=winner,
            traits=side.world.traits,
            also=side.experiment.objective.metrics,
            on_split=_silent,
            on_test=side.on_test,
        )
    finally:
        desk.flush()
    return Comparison(
        name=name,
        trials=found.trials,
        trials_given=side.trials,
        proposals=found.proposals,
        kept=found.kept,
        scores=finals.baseline,
        lead=finals.difference,
    )


def _silent(split: SplitName, trials: int, after: int) -> None:
    """Says nothing: what is measured at the end is told as all trials are."""


def _measuring(side: _Side) -> tuple[TrialDesk, Measuring]:
    def tick() -> None:
        message = f"baseline {side.experiment.name}"
        side.observer.progress(Progress(phase="search", message=message, trials=desk.measured))

    desk = TrialDesk(side.executor, side.journal, artefacts=side.folder.artefacts, on_tick=tick)
    bench = bench_of(side.experiment, side.executor.open().fingerprint)
    return desk, Measuring(
        desk,
        bench=bench.digest,
        needs_preparation=side.world.traits.needs_preparation,
        preparation_seed=side.experiment.seed,
    )


def _schedule(side: _Side) -> Schedule:
    traits, seed = side.world.traits, side.experiment.seed
    return Schedule(side.world.tasks, seed=seed, is_seeded=traits.is_seeded)
