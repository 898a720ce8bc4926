"""One execution of an experiment: wires the parts, runs them, keeps the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Estimate, Stage, Verdict
from agentlab.core.progress import Observer, Phase, Progress
from agentlab.core.readiness import Readiness
from agentlab.core.result import CandidateCounts, RunResult, Survival, Verified
from agentlab.core.rounds import RoundResult
from agentlab.core.task import SplitName
from agentlab.experiment.aa import aa_result, false_keeps_told
from agentlab.experiment.build import World, bench_of, build_meta_agent
from agentlab.experiment.config import Experiment
from agentlab.experiment.journal import StoreJournal
from agentlab.experiment.ready import (
    get_ready,
    require_clusters,
    require_ready,
    require_running,
)
from agentlab.experiment.rounds import components_of, rounds_of, with_rounds
from agentlab.measure.false_keeps import canaries_of, error_budget
from agentlab.measure.front import front_of_run
from agentlab.measure.outlook import expected, outlook
from agentlab.measure.remeasured import remeasured_of
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.scores import score
from agentlab.measure.survival import survival_of
from agentlab.measure.verdict import verdict_of
from agentlab.report.readiness import readiness_lines
from agentlab.search.budget import Spending
from agentlab.search.caches.verify import verify_reused
from agentlab.search.contest import Contest, Entrant
from agentlab.search.coupling import CouplingTest
from agentlab.search.desk import TrialDesk
from agentlab.search.finals import FinalPairs, Finals, final_pairs, measure_finals
from agentlab.search.lab import RunLab
from agentlab.search.loop import Found, Place, Search, SearchSettings
from agentlab.search.measuring import Measuring
from agentlab.search.rounds import run_rounds
from agentlab.search.schedule import Schedule
from agentlab.search.strategies.strategy import STRATEGIES
from agentlab.store.run_folder import RunFolder
from agentlab.trials.executor import Executor

__all__ = ["execute"]

_TOLD_EVERY_S = 0.25
_ASSUMED_TRIALS_PER_S = 5.0


class _Parts(NamedTuple):
    world: World
    schedule: Schedule
    desk: TrialDesk
    measuring: Measuring
    lab: RunLab
    finals: FinalPairs


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
    teller = _Teller(experiment, observer, before_s=journal.elapsed_before_s)
    opened = executor.open()
    if opened.sandbox == "plain":
        why = (
            "as asked" if experiment.sandbox == "plain" else "on this machine; see: agentlab doctor"
        )
        observer.note(f"candidates are NOT isolated {why}")
    desk = TrialDesk(
        executor, journal, artefacts=folder.artefacts, on_tick=lambda: teller.tick(desk)
    )
    bench = bench_of(experiment, opened.fingerprint)
    journal.require_bench(bench.digest)
    traits = world.traits
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=traits.is_seeded)
    parts = _Parts(
        world,
        schedule,
        desk,
        Measuring(
            desk,
            bench=bench.digest,
            needs_preparation=traits.needs_preparation,
            preparation_seed=experiment.seed,
            trace_share=experiment.measure.trace_share,
            is_seeded=traits.is_seeded,
        ),
        RunLab(
            target=experiment.target.spec(),
            objective=experiment.objective,
            baseline=world.baseline,
            candidate=journal.candidate,
        ),
        final_pairs(schedule, experiment.measure.final_blocks),
    )
    journal.add_candidate(world.baseline)
    try:
        spending = Spending(experiment.budget, elapsed_s=teller.elapsed_s)
        readiness = _rehearse(experiment, parts, spending, teller, slots=executor.slots)
        found, rounds = _search(experiment, parts, journal, spending, teller)
        if experiment.is_aa:
            result = aa_result(
                found, experiment.objective, trials=desk.seen, is_seeded=traits.is_seeded
            ).model_copy(update={"wall_s": round(teller.elapsed_s(), 1)})
        else:
            result = _conclude(experiment, parts, found, readiness, teller, on_test)
            result = with_rounds(result, rounds)
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
            "verdict": ("debug run, no measurement: " if experiment.is_debug else "")
            + result.verdict,
            "is_debug": experiment.is_debug,
            "infra_trials": desk.lost,
            "accepted_leaks": len(world.leaks),
        }
    )


def _rehearse(
    experiment: Experiment, parts: _Parts, spending: Spending, teller: _Teller, *, slots: int
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
    teller.note(f"before the first proposal, {readiness.trials} trials:")
    for line in readiness_lines(readiness):
        teller.note(f"  {line.name}: {line.detail}")
    require_ready(readiness)
    return readiness


def _search(
    experiment: Experiment,
    parts: _Parts,
    journal: StoreJournal,
    spending: Spending,
    teller: _Teller,
) -> tuple[Found, tuple[RoundResult, ...]]:
    teller.watch(spending, parts)
    contest = Contest(
        parts.measuring,
        parts.schedule,
        objective=experiment.objective,
        traits=parts.world.traits,
        count=spending.add,
        on_stage=teller.stage,
        on_train=parts.lab.add_train_records,
    )
    rounds, baseline = rounds_of(experiment), parts.world.baseline
    meta_agent = build_meta_agent(experiment.meta, baseline)

    def reserve_s() -> float:
        return _last_trials(experiment, parts) / teller.rate(parts.desk)

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
                strategy=STRATEGIES[experiment.search.parents],
                patience=experiment.search.patience,
                seed=experiment.seed,
                reserve_s=reserve_s,
                canaries=experiment.search.canaries,
                place=place,
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


def _last_trials(experiment: Experiment, parts: _Parts) -> float:
    """Returns how many trials come after the search."""
    verified = experiment.measure.verify_cache * len(parts.desk.reused)
    return 2 * sum(len(pairs) for pairs in parts.finals) + verified


def _conclude(
    experiment: Experiment,
    parts: _Parts,
    found: Found,
    readiness: Readiness | None,
    teller: _Teller,
    on_test: Callable[[str], None],
) -> RunResult:
    finals = measure_finals(
        parts.measuring,
        parts.finals,
        baseline=parts.world.baseline,
        winner=found.winner,
        traits=parts.world.traits,
        also=experiment.objective.metrics,
        on_split=teller.final,
        on_test=on_test,
    )
    kept = tuple(d for d in found.decisions if d.verdict is Verdict.KEPT)
    detectable = outlook(
        found.decisions,
        experiment.objective,
        tasks=len(parts.world.tasks["validation"]),
        has_fresh_seeds=parts.schedule.has_fresh_seeds,
        trials_per_s=teller.rate(parts.desk),
    ) or (expected(readiness) if readiness else None)
    rule = experiment.objective.rule
    canaries = canaries_of(
        found.canaries, rule, proposals=found.decisions, is_seeded=parts.world.traits.is_seeded
    )
    return RunResult(
        run="",
        status="completed",
        verdict=verdict_of(
            experiment.objective,
            kept=len(kept),
            baseline=finals.baseline,
            winner=finals.winner,
            difference=finals.difference,
            solved_by_both=finals.solved_by_both,
            detectable=detectable,
        )
        + false_keeps_told(canaries),
        error_budget=error_budget(found.decisions, rule),
        canaries=canaries,
        remeasured=remeasured_of(
            experiment.objective.metric,
            kept,
            finals.difference,
            has_fresh_seeds=parts.schedule.has_fresh_seeds,
        ),
        detectable=detectable,
        readiness=readiness,
        **finals._asdict(),
        survival=_survival(experiment, parts, finals) if kept else (),
        winner_digest=found.winner.digest,
        kept=kept,
        front=front_of_run(
            found.decisions, baseline=parts.world.baseline.digest, traits=parts.world.traits
        ),
        candidates=_counts(found.decisions),
        rule=rule.name,
        is_tested=rule_of(rule).is_test,
        trials=parts.desk.seen,
        deciding_trials=sum(decision.trials for decision in found.decisions),
        wall_s=round(teller.elapsed_s(), 1),
        stopped_by=found.stopped_by,
    )


def _survival(experiment: Experiment, parts: _Parts, finals: Finals) -> tuple[Survival, ...]:
    objective = experiment.objective
    aims = [objective.metric, *([objective.then.metric] if objective.then else [])]
    metrics = dict.fromkeys(("success", *aims))
    found = (
        survival_of(metric, finals.difference, finals.solved_by_both, seen_on=parts.finals.seen_on)
        for metric in metrics
    )
    return tuple(survival for survival in found if survival is not None)


def _verified(
    experiment: Experiment, parts: _Parts, executor: Executor, folder: RunFolder
) -> Verified:
    return verify_reused(
        executor,
        parts.desk.reused,
        share=experiment.measure.verify_cache,
        seed=experiment.seed,
        traits=parts.world.traits,
        artefacts=folder.artefacts,
    )


def _counts(decisions: Sequence[Decision]) -> CandidateCounts:
    def count(verdict: Verdict) -> int:
        return sum(decision.verdict is verdict for decision in decisions)

    return CandidateCounts(
        proposed=len(decisions),
        kept=count(Verdict.KEPT),
        discarded=count(Verdict.DISCARDED),
        undecided=count(Verdict.UNDECIDED),
        invalid=count(Verdict.INVALID),
    )


class _Teller:
    """Turns what happens into progress, a few times per second."""

    def __init__(
        self,
        experiment: Experiment,
        observer: Observer,
        *,
        before_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._observer = observer
        self._metric = experiment.objective.metric
        self._planned = experiment.budget.candidates
        self._clock = clock
        self._began = clock()
        self._before_s = before_s
        self._told_at = 0.0
        self._now = Progress(phase="start", best_metric=self._metric)
        self._spending: Spending | None = None
        self._incumbent = ""
        self._parts: _Parts | None = None
        self._planned_now: int | None = None
        self._after = 0
        self._measured_before = 0

    def elapsed_s(self) -> float:
        """Returns the seconds of this run, those of interrupted sessions included."""
        return self._before_s + self._clock() - self._began

    def rate(self, desk: TrialDesk) -> float:
        """Returns trials per second so far."""
        if desk.measured < 20:
            return _ASSUMED_TRIALS_PER_S
        return desk.measured / max(self._clock() - self._began, 1e-3)

    def watch(self, spending: Spending, parts: _Parts) -> None:
        """Takes what the estimates are made of."""
        self._spending, self._parts = spending, parts
        self._incumbent = parts.world.baseline.digest

    def phase(self, phase: Phase, message: str) -> None:
        """Says that something else begins."""
        self._now = self._now.model_copy(update={"phase": phase, "message": message, "stage": ""})
        self._tell()

    def note(self, message: str) -> None:
        """Passes a line on that a person should read."""
        self._observer.note(message)

    def final(self, split: SplitName, trials: int, after: int) -> None:
        """Says that the final measurement of a split begins, and what comes after it."""
        self._planned_now, self._after = trials, after
        self._measured_before = self._parts.desk.measured if self._parts else 0
        where = " on groups that the search saw" if split == "train" else ""
        self.phase("test" if split == "test" else "validation", f"winner and baseline{where}")

    def stage(self, entrant: Entrant, stage: Stage) -> None:
        """Says which proposal is where."""
        self._now = self._now.model_copy(
            update={"proposal": entrant.number, "label": entrant.candidate.label, "stage": stage}
        )

    def decided(self, decision: Decision) -> None:
        """Passes a decision on, and measures progress by the new incumbent if it was kept."""
        if decision.verdict is Verdict.KEPT:
            self._now = self._now.model_copy(update={"kept": self._now.kept + 1})
            self._incumbent = decision.candidate
        if decision.canary is Verdict.KEPT:
            self._observer.note(
                f"the gate would have kept canary #{decision.number}, which changes nothing on "
                "average: a false keep"
            )
        self._observer.decided(decision)

    def tick(self, desk: TrialDesk) -> None:
        """Says how it goes, if it is time."""
        if self._clock() - self._told_at < _TOLD_EVERY_S:
            return
        done = desk.measured - self._measured_before
        if self._planned_now is not None:
            # Trials of the search may still come in beside those of the final measurement.
            done = min(done, self._planned_now)
        self._now = self._now.model_copy(
            update={
                "trials": desk.measured,
                "trials_per_s": self.rate(desk) if desk.measured >= 20 else 0.0,
                "best": self._estimate(),
                "left_s": self._left_s(desk, done),
                "planned": self._planned_now,
                "done": done,
                "proposals_planned": self._planned,
            }
        )
        self._tell()

    def _left_s(self, desk: TrialDesk, done: int) -> float | None:
        """Returns the seconds to the end: by the trials that are left, or by the budget."""
        if self._planned_now is not None:
            return max(0, self._planned_now + self._after - done) / self.rate(desk)
        share = self._spending.share() if self._spending else 0.0
        return self.elapsed_s() * (1 - share) / share if share > 0.02 else None

    def _estimate(self) -> Estimate | None:
        if self._parts is None:
            return None
        records = self._parts.lab.train_records(self._incumbent)
        return score(records, self._metric)

    def _tell(self) -> None:
        self._told_at = self._clock()
        self._observer.progress(self._now)
