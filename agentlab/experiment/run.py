"""One execution of an experiment: wires the parts, runs them, keeps the result."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.counting import counted
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.progress import Observer
from agentlab.core.readiness import Readiness
from agentlab.core.result import RunResult, Verified
from agentlab.core.rounds import RoundResult
from agentlab.core.trial import TrialRecord
from agentlab.experiment.aa import aa_result
from agentlab.experiment.build import World, bench_of, build_meta_agent
from agentlab.experiment.conclusion import conclude
from agentlab.experiment.config import Experiment
from agentlab.experiment.journal import StoreJournal
from agentlab.experiment.parts import Outside, RunParts, build_parts
from agentlab.experiment.pictures import pictures_of_run
from agentlab.experiment.ready import (
    get_ready,
    require_clusters,
    require_ready,
    require_running,
)
from agentlab.experiment.rounds import components_of, rounds_of, with_rounds
from agentlab.experiment.teller import Teller
from agentlab.report.readiness import readiness_lines
from agentlab.search.budget import Spending
from agentlab.search.caches.verify import verify_reused
from agentlab.search.contest import Contest
from agentlab.search.coupling import CouplingTest
from agentlab.search.desk import TrialDesk
from agentlab.search.journal import Journal
from agentlab.search.loop import Found, Place, Search, SearchSettings
from agentlab.search.rounds import run_rounds
from agentlab.search.strategies.strategy import STRATEGIES
from agentlab.store.run_folder import RunFolder
from agentlab.store.traces import read_frames
from agentlab.trials.diagnosis import Diagnosis
from agentlab.trials.executor import Executor

__all__ = ["execute", "search_run"]


def execute(
    experiment: Experiment,
    world: World,
    executor: Executor,
    *,
    journal: StoreJournal,
    folder: RunFolder,
    observer: Observer,
    on_test: Callable[[str], None],
) -> RunResult:
    """Runs an experiment, from the start or from where its journal stands, to its result.

    Args:
        experiment: What to run.
        world: What was built of it.
        executor: Runs its trials; opened here.
        journal: The run's log.
        folder: The run's folder.
        observer: Told how it goes.
        on_test: Told, before the test is measured, the address of what is looked at.

    Raises:
        NothingMeasurable: our side failed too often; what finished is kept.
        InputError: the target breaks on each of its first trials, a fixed data set is too small,
            or versions have changed.
        NotReady: the trials before the first proposal speak against the run.
    """
    teller = Teller(experiment, observer, before_s=journal.elapsed_before_s)
    opened = executor.open()
    if opened.sandbox == "plain":
        why = (
            "as asked" if experiment.sandbox == "plain" else "on this machine; see: agentlab doctor"
        )
        observer.note(f"candidates are NOT isolated {why}")
    spending = Spending(experiment.budget, elapsed_s=teller.elapsed_s)
    desk = TrialDesk(
        executor, journal, artefacts=folder.artefacts, on_tick=lambda: teller.tick(desk)
    )
    bench = bench_of(experiment, opened.fingerprint)
    journal.require_bench(bench)
    traits = world.traits
    diagnosis = Diagnosis(bench)
    parts = build_parts(
        experiment,
        world,
        desk,
        bench=bench.digest,
        outside=Outside(
            candidate=journal.candidate,
            trace=lambda key: read_frames(folder.traces, key),
            probe=diagnosis.run,
            earlier=journal.trial,
            budget_left=spending.left,
        ),
    )
    journal.add_candidate(world.baseline)
    try:
        readiness = _rehearse(experiment, parts, spending, teller, slots=executor.slots)
        with contextlib.ExitStack() as stack:
            stack.callback(diagnosis.close)
            meta_agent = world.proposer or build_meta_agent(
                experiment.meta, world.baseline, folder=folder.path, opened=stack
            )
            found, rounds = search_run(experiment, parts, meta_agent, journal, spending, teller)
        if experiment.is_aa:
            result = aa_result(
                found, experiment.objective, trials=desk.seen, is_seeded=traits.is_seeded
            ).model_copy(update={"wall_s": round(teller.elapsed_s(), 1)})
        else:
            result = conclude(experiment, parts, found, readiness, teller, on_test)
            result = with_rounds(result, rounds)
            if not experiment.is_debug:
                shown = pictures_of_run(
                    experiment, parts, executor, folder, winner=found.winner, teller=teller
                )
                result = result.model_copy(update={"pictured": shown})
        if experiment.measure.verify_cache:
            teller.phase("check", "trials that were answered from the store")
            verified = _verified(experiment, parts, executor, folder)
            result = result.model_copy(update={"verified": verified})
    finally:
        desk.flush()
    return result.model_copy(
        update={
            "run": folder.name,
            "sandbox": opened.sandbox,
            "fingerprint": dict(opened.fingerprint),
            "verdict": ("debug run, no measurement: " if experiment.is_debug else "")
            + result.verdict,
            "is_debug": experiment.is_debug,
            "infra_trials": desk.lost,
            "accepted_leaks": len(world.leaks),
        }
    )


def _rehearse(
    experiment: Experiment, parts: RunParts, spending: Spending, teller: Teller, *, slots: int
) -> Readiness | None:
    """Measures what the run can show and refuses one that can show nothing; tells what it found.

    A debugger's run measures nothing.
    """
    teller.phase("check", "the target's first trials")
    require_running(parts.world, parts.measuring, parts.schedule)
    require_clusters(experiment, parts.world, parts.measuring, parts.schedule)
    if experiment.is_debug:
        return None
    teller.phase("check", "what can be seen through the noise")
    readiness, records = get_ready(
        experiment, parts.world, parts.measuring, parts.schedule, slots=slots
    )
    spending.add(records)
    teller.note(f"before the first proposal, {counted(readiness.trials, 'trial')}:")
    for line in readiness_lines(readiness):
        teller.note(f"  {line.name}: {line.detail}")
    require_ready(readiness)
    return readiness


def search_run(
    experiment: Experiment,
    parts: RunParts,
    meta_agent: MetaAgent,
    journal: Journal,
    spending: Spending,
    teller: Teller,
) -> tuple[Found, tuple[RoundResult, ...]]:
    """Returns what the search of a run found, and what became of its rounds.

    Args:
        experiment: Which run.
        parts: Of the run.
        meta_agent: Who proposes.
        journal: The run's log.
        spending: What the run has spent.
        teller: Told how it goes.
    """
    teller.watch(spending, parts)

    def count(records: Sequence[TrialRecord]) -> int:
        parts.seen.add(records)
        return spending.add(records)

    contest = Contest(
        parts.measuring,
        parts.schedule,
        objective=experiment.objective,
        traits=parts.world.traits,
        count=count,
        on_stage=teller.stage,
        on_train=parts.lab.add_train_records,
    )
    rounds, baseline = rounds_of(experiment), parts.world.baseline

    def reserve_s() -> float:
        verified = experiment.measure.verify_cache * len(parts.desk.reused)
        return (parts.last_trials + verified) / teller.rate(parts.desk)

    def search(start: Candidate, target: TargetSpec, place: Place) -> Found:
        return Search(
            meta_agent,
            contest,
            journal,
            lab=parts.lab,
            baseline=start,
            spending=spending,
            settings=SearchSettings(
                target=target,
                objective=experiment.objective,
                strategy=STRATEGIES[experiment.search.strategy],
                patience=experiment.search.patience,
                seed=experiment.seed,
                reserve_s=reserve_s,
                canaries=experiment.search.canaries,
                place=place,
                asks_ahead=not experiment.waits_for_a_client,
            ),
            on_decision=teller.decided,
            elapsed_s=teller.elapsed_s,
        ).run()

    if not rounds:
        teller.phase("search", "")
        return search(baseline, experiment.target.spec(), Place()), ()
    test = CouplingTest(
        parts.measuring,
        parts.schedule,
        objective=experiment.objective,
        components=components_of(experiment.target),
        target=experiment.target.spec(),
        baseline=baseline,
        journal=journal,
        count=spending.add,
        is_spent=lambda part: (
            spending.reached(reserve_s=reserve_s(), part=part, counts_proposals=False) is not None
        ),
    )
    return run_rounds(
        rounds,
        baseline,
        search=search,
        test=test.of,
        lab=parts.lab,
        candidates=experiment.budget.candidates,
        tell=lambda message: teller.phase("search", message),
    )


def _verified(
    experiment: Experiment, parts: RunParts, executor: Executor, folder: RunFolder
) -> Verified:
    return verify_reused(
        executor,
        parts.desk.reused,
        share=experiment.measure.verify_cache,
        seed=experiment.seed,
        traits=parts.world.traits,
        artefacts=folder.artefacts,
    )
