"""The end of a run: the final measurement, and all that its result tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agentlab.core.ceiling import Yardsticks
from agentlab.core.decision import Decision, Verdict
from agentlab.core.readiness import Readiness
from agentlab.core.result import CandidateCounts, RunResult, Survival
from agentlab.experiment.aa import false_keeps_told
from agentlab.experiment.ceiling import ceiling_of_run
from agentlab.experiment.config import Experiment
from agentlab.experiment.parts import RunParts
from agentlab.experiment.teller import Teller
from agentlab.measure.false_keeps import canaries_of, error_budget
from agentlab.measure.front import front_of_run
from agentlab.measure.outlook import expected, outlook
from agentlab.measure.remeasured import remeasured_of
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.survival import survival_of
from agentlab.measure.verdict import verdict_of
from agentlab.search.finals import Finals, measure_finals
from agentlab.search.loop import Found

__all__ = ["conclude"]


def conclude(
    experiment: Experiment,
    parts: RunParts,
    found: Found,
    readiness: Readiness | None,
    teller: Teller,
    on_test: Callable[[str], None],
) -> RunResult:
    """Measures winner and baseline at the end and returns what the run came to.

    Args:
        experiment: Which run.
        parts: Of the run.
        found: What its search ended with.
        readiness: What was known before it.
        teller: Told how it goes.
        on_test: Told, before the test is measured, the address of what is looked at.
    """
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
        found.canaries,
        rule,
        proposals=found.decisions,
        is_seeded=parts.world.traits.is_seeded,
        are_wanted=experiment.search.canaries > 0,
    )
    result = RunResult(
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
    return result if experiment.is_debug else _with_ceiling(result, experiment, parts, found)


def _with_ceiling(
    result: RunResult, experiment: Experiment, parts: RunParts, found: Found
) -> RunResult:
    # Measured already: the desk answers them again. The test stays out of it.
    for candidate in (parts.world.baseline, found.winner):
        parts.seen.add(parts.measuring.on(candidate, parts.finals.validation))
    ceiling = ceiling_of_run(
        experiment,
        result,
        found.decisions,
        candidate=parts.lab.candidate,
        baseline=parts.world.baseline,
        scores=parts.seen,
        tasks=len(parts.world.tasks["validation"]),
        is_seeded=parts.schedule.has_fresh_seeds,
        yardsticks=_yardsticks(result.readiness),
    )
    return result.model_copy(update={"ceiling": ceiling})


def _yardsticks(readiness: Readiness | None) -> Yardsticks:
    if readiness is None:
        return Yardsticks()
    floors = {noise.metric: noise.floor for noise in readiness.noise if noise.floor is not None}
    return Yardsticks(floors=floors, oracle=readiness.oracle, null=readiness.null)


def _survival(experiment: Experiment, parts: RunParts, finals: Finals) -> tuple[Survival, ...]:
    objective = experiment.objective
    aims = [objective.metric, *([objective.then.metric] if objective.then else [])]
    metrics = dict.fromkeys(("success", *aims))
    found = (
        survival_of(metric, finals.difference, finals.solved_by_both, seen_on=parts.finals.seen_on)
        for metric in metrics
    )
    return tuple(survival for survival in found if survival is not None)


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
