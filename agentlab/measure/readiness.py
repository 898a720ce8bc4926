"""What the trials before the first proposal tell of a run.

Two kinds of noise matter. What no candidate can escape is what the target does on the same task and
seed again, which is nothing in a deterministic world: by that alone a run is refused (`obstacles`),
since no candidate could be seen through it. What a candidate brings along is known only from
candidates; so typed edits of the target stand for them, or, where none made a difference, other
seeds, as if common seeds bought nothing. By that a run is told what to expect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.core.environment import Traits
from agentlab.core.measured import is_absolute
from agentlab.core.objective import Objective, PairedRule
from agentlab.core.readiness import MetricNoise, Plan, Readiness
from agentlab.core.trial import TrialRecord
from agentlab.measure import noise
from agentlab.measure.detectable import Design, detectable_improvement
from agentlab.measure.evidence import Evidence, guard_words
from agentlab.measure.intervals import share_interval
from agentlab.measure.metrics import undeclared
from agentlab.measure.obstacles import Seen, disagreements_of, needed, obstacles
from agentlab.measure.rehearsal import (
    Planned,
    Rehearsal,
    clusters_per_block,
    is_binary,
    metrics_of,
)
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.paired import Paired

__all__ = ["readiness_of"]


def readiness_of(
    rehearsal: Rehearsal, *, objective: Objective, traits: Traits, planned: Planned
) -> Readiness:
    """Returns what the records tell, with all that speaks against a run.

    Args:
        rehearsal: The records.
        objective: Metric, guards and rule.
        traits: What the world says of itself.
        planned: What the run will do.
    """
    metric = objective.metric
    clusters = clusters_per_block(rehearsal, metric, planned)
    design = _design(objective, clusters, planned)
    blocks = design.blocks
    edits = [edit for edit in rehearsal.edits if _is_changed(rehearsal.target, edit, metric)]
    found = tuple(
        _noise_of(
            name,
            rehearsal,
            edits,
            clusters=blocks * clusters_per_block(rehearsal, name, planned),
            repeats_itself=traits.is_deterministic,
        )
        for name in metrics_of(objective)
    )
    seen = Seen(
        rehearsal,
        objective,
        traits,
        planned,
        design,
        is_binary=is_binary(rehearsal.target, metric),
        least_noise=0.0 if traits.is_deterministic else found[0].repeated or 0.0,
    )
    spread = _spread_of(found[0])
    detectable = (
        detectable_improvement(design, spread=spread, is_binary=seen.is_binary)
        if clusters
        else None
    )
    problems = tuple(obstacles(seen))
    return Readiness(
        trials=len({record.key for record in rehearsal.records}),
        success=share_interval(np.array(noise.values_of(rehearsal.target, "success"))),
        is_deterministic=traits.is_deterministic,
        repeated_pairs=len(rehearsal.again),
        differing_pairs=len(disagreements_of(seen)),
        edits=len(edits),
        noise=found,
        metric=metric,
        detectable=detectable,
        is_relative=not is_absolute(metric),
        pairs=clusters * blocks,
        plan=_plan(seen, spread, detectable),
        null=_success(rehearsal.null),
        oracle=_success(rehearsal.oracle),
        beyond=_beyond(rehearsal, objective, traits),
        undeclared=undeclared(rehearsal.records, traits),
        problems=problems,
        is_accepted=bool(problems) and planned.accepts_noise,
    )


def _beyond(rehearsal: Rehearsal, objective: Objective, traits: Traits) -> tuple[str, ...]:
    evidence = Evidence(objective, traits)
    evidence.add(rehearsal.target, rehearsal.target)
    return tuple(guard_words([guard]) for guard in evidence.broken_guards)


def _is_changed(target: Sequence[TrialRecord], edit: Sequence[TrialRecord], metric: str) -> bool:
    before = {(record.task, record.seed): noise.values_of([record], metric) for record in target}
    return any(
        noise.values_of([record], metric) != before.get((record.task, record.seed))
        for record in edit
    )


def _noise_of(
    metric: str,
    rehearsal: Rehearsal,
    edits: Sequence[Sequence[TrialRecord]],
    *,
    clusters: int,
    repeats_itself: bool,
) -> MetricNoise:
    target = rehearsal.target
    repeated = noise.repeated_spread(target, rehearsal.again, metric)
    reseeded = noise.reseeded_spread(target, metric)
    edited = noise.edited_spread(target, edits, metric)
    # What repeats itself would pair perfectly with itself, which says nothing of a candidate.
    paired = repeated if edited is None and not repeats_itself else edited
    return MetricNoise(
        metric=metric,
        mean=noise.mean_of(target, metric),
        repeated=repeated,
        reseeded=reseeded,
        edited=edited,
        pairing=noise.pairing_of(paired, reseeded),
        floor=noise.floor_of(reseeded if repeats_itself else repeated, clusters),
    )


def _spread_of(found: MetricNoise) -> float:
    """Returns the spread to expect between a candidate and the target on common seeds."""
    paired = found.reseeded if found.edited is None else found.edited
    return max(paired or 0.0, found.repeated or 0.0)


def _success(records: Sequence[TrialRecord]) -> float | None:
    return noise.mean_of(records, "success") if records else None


def _design(objective: Objective, clusters: int, planned: Planned) -> Design:
    """Returns how the rule sees; for one that bets on nothing, how the default one would."""
    rule, default = rule_of(objective.rule), Paired(PairedRule())
    looks, default_looks = (len(r.looks) if planned.has_fresh_seeds else 1 for r in (rule, default))
    return rule.design(clusters_per_block=clusters, blocks=looks, gates=0) or default.design(
        clusters_per_block=clusters, blocks=default_looks, gates=0
    )


def _plan(seen: Seen, spread: float, detectable: float | None) -> Plan:
    planned = seen.planned
    wanted = max(seen.design.worthwhile, (detectable or 0.0) / 2)
    seeds = needed(seen, wanted, spread)
    trials = None if seeds is None else 2 * planned.tasks * seeds
    return Plan(
        improvement=wanted,
        tasks=planned.tasks,
        seeds=seeds,
        has_fresh_seeds=planned.has_fresh_seeds,
        trials=trials,
        needed_s=None if trials is None else round(trials / planned.trials_per_s, 1),
        cost_usd=None if trials is None else _cost_of(trials, seen),
        cost_kind=seen.traits.cost_kind,
    )


def _cost_of(trials: int, seen: Seen) -> float | None:
    spent = noise.values_of(seen.rehearsal.target, "cost_usd")
    has_cost = seen.traits.cost_kind != "none" and bool(spent)
    return trials * sum(spent) / len(spent) if has_cost else None
