"""Why a run would show nothing, or nothing that can be believed: told before it begins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from agentlab.core.bound import QUANTILES, Bound
from agentlab.core.counting import counted
from agentlab.core.decision import Sample
from agentlab.core.environment import Traits
from agentlab.core.measured import is_absolute
from agentlab.core.objective import Guard, Objective
from agentlab.core.readiness import Problem
from agentlab.core.trial import TrialRecord
from agentlab.measure import noise
from agentlab.measure.bounds import fewest_clusters
from agentlab.measure.contrast import contrast_of_bound
from agentlab.measure.detectable import Design, blocks_needed, is_detectable
from agentlab.measure.evidence import GUARD_ALPHA
from agentlab.measure.intervals import share_interval
from agentlab.measure.metrics import is_spending
from agentlab.measure.rehearsal import (
    Planned,
    Rehearsal,
    clusters_per_block,
    is_binary,
    metrics_of,
)
from agentlab.measure.rules.choice import rule_of

__all__ = ["Seen", "disagreements_of", "needed", "obstacles"]

_FAR = 20
"""As many times the rule's blocks as are tried for what it would take."""

_BEYOND_WORTHWHILE = 20
"""A gate that sees nothing below so many times what is worthwhile is not worth its price."""

_NULL_SOLVES = 0.5
"""Mean success from which on doing nothing is called solving."""

_NEVER_EQUAL = ("wall_s", "cpu_s")
"""What differs between two runs of anything."""


class Seen(NamedTuple):
    """What was measured, of which run."""

    rehearsal: Rehearsal
    objective: Objective
    traits: Traits
    planned: Planned
    design: Design
    """How the gate looks at the objective's metric."""

    is_binary: bool
    least_noise: float
    """Spread of the objective's metric that no candidate can escape."""


def obstacles(seen: Seen) -> Iterator[Problem]:
    """Yields all that speaks against the run."""
    yield from _untrue_determinism(seen)
    yield from _immovable(seen)
    yield from _null_solves(seen.rehearsal.null)
    yield from _oracle_fails(seen.rehearsal.oracle)
    if rule_of(seen.objective.rule).is_test:
        yield from _too_small_to_see(seen)
        for place, guard in enumerate(seen.objective.guards):
            if isinstance(guard, Guard):
                yield from _guard_out_of_reach(seen, guard)
            elif guard.is_relative:
                yield from _never_compared(seen, guard.metric, f"the guard {guard}")
            else:
                yield from _never_shown(seen, guard, f"objective.guards.{place}")
        if seen.objective.then is not None:
            second = seen.objective.then.metric
            yield from _never_compared(seen, second, f"the second aim, {second},")


def needed(seen: Seen, improvement: float, spread: float, *, margin: float = 0.0) -> int | None:
    """Returns the blocks after which an improvement shows in 4 of 5 cases; None where far away."""
    if not seen.design.clusters_per_block or not seen.planned.has_fresh_seeds:
        return None
    sample = Sample(
        metric=seen.objective.metric,
        margin=margin,
        mean=improvement,
        spread=spread,
        clusters=seen.design.clusters_per_block,
        blocks=1,
        is_binary=seen.is_binary,
    )
    return blocks_needed(seen.design._replace(blocks=seen.design.blocks * _FAR), sample)


def disagreements_of(seen: Seen) -> list[noise.Disagreement]:
    """Returns where the target gave another outcome on the same task and seed."""
    first = seen.rehearsal.target[: len(seen.rehearsal.again)]
    metrics = [*metrics_of(seen.objective), *(own.name for own in seen.traits.metrics)]
    compared = [metric for metric in dict.fromkeys(metrics) if metric not in _NEVER_EQUAL]
    return noise.disagreements(first, seen.rehearsal.again, compared)


def _untrue_determinism(seen: Seen) -> Iterator[Problem]:
    found = disagreements_of(seen)
    if not (seen.traits.is_deterministic and found):
        return
    task, seed, metric, first, again = found[0]
    yield Problem(
        about="repetition",
        said=f"the environment says that it is deterministic, but the same agent on task '{task}', "
        f"seed {seed}, had {metric} {first:g}, then {again:g} "
        f"({len(found)} of {counted(len(seen.rehearsal.again), 'repetition')} differ); draw all "
        "that is random from the seed, or leave out is_deterministic in its traits",
    )


def _immovable(seen: Seen) -> Iterator[Problem]:
    # Without the null agent a metric that stands still may only be one that this target keeps so.
    if not seen.rehearsal.null:
        return
    records = seen.rehearsal.records
    agents = "target, null agent and oracle" if seen.rehearsal.oracle else "target and null agent"
    guards = [guard.metric for guard in seen.objective.guards]
    for metric in dict.fromkeys([seen.objective.metric, *guards]):
        values = noise.values_of(records, metric)
        if len(set(values)) > 1:
            continue
        role = "objective" if metric == seen.objective.metric else "guard"
        stood = f"was {values[0]:g}" if values else "has no value"
        yield Problem(
            about="metrics",
            said=f"the {role}'s metric {metric} {stood} in each of "
            f"{counted(len(records), 'trial')} of {agents}: what cannot move can show nothing; "
            "name another metric, give tasks that the target solves at times, or mend the judge",
        )


def _null_solves(records: Sequence[TrialRecord]) -> Iterator[Problem]:
    success = noise.mean_of(records, "success")
    if success >= _NULL_SOLVES:
        yield Problem(
            about="null agent",
            said=f"an agent that does nothing has success {success:.2f} in "
            f"{counted(len(records), 'trial')}: the judge does not ask for what the goal asks for",
        )


def _oracle_fails(records: Sequence[TrialRecord]) -> Iterator[Problem]:
    failed = [record for record in records if record.fate.counts and record.success < 1]
    if not failed:
        return
    first = failed[0]
    where = f"task '{first.task}', seed {first.seed}" if first.kind == "solve" else "its prepare()"
    why = first.reason or (first.outcome.feedback if first.outcome else "")
    yield Problem(
        about="oracle",
        said=f"the environment's oracle fails {len(failed)} of "
        f"{counted(len(records), 'trial')}, such as {where}: {first.fate.value}, success "
        f"{first.success:g}" + (f" ({why})" if why else ""),
    )


def _too_small_to_see(seen: Seen) -> Iterator[Problem]:
    design, metric = seen.design, seen.objective.metric
    if not design.clusters_per_block:
        if is_spending(metric):
            yield Problem(about="smallest effect", said=_unsolved(seen, metric))
        return
    room = _room(seen)
    most = min(room, _BEYOND_WORTHWHILE * design.worthwhile)
    if is_detectable(most, design, spread=seen.least_noise, is_binary=seen.is_binary):
        return
    shown = f"{most:+.2g}" if is_absolute(metric) else f"{most * 100:.2g} %"
    limit = "all that is left" if room <= most else f"{_BEYOND_WORTHWHILE} x what is worthwhile"
    blocks = needed(seen, most, seen.least_noise)
    more = ""
    if blocks is not None and blocks > design.blocks:
        more = f"set objective.rule.max_blocks to {blocks}, or "
    yield Problem(
        about="smallest effect",
        said=f"even an improvement of {shown} in {metric} ({limit}) would be kept less than four "
        f"times out of five with {design.clusters_per_block} x {design.blocks} comparisons: {more}"
        "give more validation tasks" + (", harder ones" if room <= most else ""),
    )


def _room(seen: Seen) -> float:
    """Returns the largest improvement that is possible at all, as the gate measures it."""
    if seen.objective.metric != "success" or seen.objective.direction == "lower":
        return 1.0
    return 1.0 - share_interval(np.array(noise.values_of(seen.rehearsal.target, "success"))).low


def _never_compared(seen: Seen, metric: str, what: str) -> Iterator[Problem]:
    """Finds what is spent that could not be compared once: a guard on it would never be shown."""
    if is_spending(metric) and not clusters_per_block(seen.rehearsal, metric, seen.planned):
        yield Problem(about="guards", said=_unsolved(seen, what))


def _never_shown(seen: Seen, bound: Bound, key: str) -> Iterator[Problem]:
    """Finds a bound for which there are too few trials, were each of them within."""
    fewest, planned = fewest_clusters(bound), seen.planned
    tasks = planned.tasks if planned.has_fresh_seeds else planned.train_tasks
    blocks = seen.design.blocks if planned.has_fresh_seeds else 1
    per_block = _clusters_of(seen, bound, tasks)
    if fewest is None or not per_block or fewest <= per_block * blocks:
        return
    mend, compared = "give more train tasks", f"{per_block}"
    if planned.has_fresh_seeds:
        compared = f"{per_block} x {blocks}"
        enough = math.ceil(fewest / per_block)
        mend = f"set objective.rule.max_blocks to {enough}, or give more validation tasks"
    below = [other for other in QUANTILES if other < (bound.quantile or 0)]
    for other in reversed(below):
        enough = fewest_clusters(replace(bound, quantile=other)) or 0
        if enough <= per_block * blocks:
            mend += f", or guard p{other}, for which {enough} are enough"
            break
    yield Problem(
        about="guards",
        said=f"{key}: '{bound}' can never be shown with {compared} comparisons: it takes {fewest}, "
        f"and each within; {mend}",
    )


def _clusters_of(seen: Seen, bound: Bound, tasks: int) -> int:
    """Returns how many independent clusters one look at so many tasks has for a bound."""
    counted = [record for record in seen.rehearsal.target if record.fate.counts]
    found = {pair.cluster for pair in contrast_of_bound(bound).read(counted, counted)}
    return max(1, round(tasks * len(found) / len(counted))) if found else 0


def _unsolved(seen: Seen, what: str) -> str:
    return (
        f"{what} is compared where both solve (success 1), and the target solves none of "
        f"{counted(len(seen.rehearsal.target), 'trial')}: begin with a target that solves some"
    )


def _guard_out_of_reach(seen: Seen, guard: Guard) -> Iterator[Problem]:
    """Finds a guard that could not be shown to hold of the target itself."""
    rehearsal = seen.rehearsal
    clusters = clusters_per_block(rehearsal, guard.metric, seen.planned)
    again = noise.repeated_spread(rehearsal.target, rehearsal.again, guard.metric)
    own = seen._replace(
        design=seen.design._replace(clusters_per_block=clusters, alpha=GUARD_ALPHA),
        is_binary=is_binary(rehearsal.target, guard.metric),
    )
    spread = 0.0 if seen.traits.is_deterministic else again or 0.0
    blocks = needed(own, 0.0, spread, margin=guard.margin)
    if not seen.planned.has_fresh_seeds or (blocks is not None and blocks <= seen.design.blocks):
        return
    more = f"set objective.rule.max_blocks to {blocks}, or " if blocks else ""
    yield Problem(
        about="guards",
        said=f"{guard.metric} within {guard.margin:g} cannot be shown with {clusters} x "
        f"{seen.design.blocks} comparisons, not even of a candidate that changes nothing: {more}"
        "give more validation tasks, or a wider margin",
    )
