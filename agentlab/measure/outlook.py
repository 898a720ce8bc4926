"""What a run could have shown, and what its nearest miss would have taken."""

from __future__ import annotations

import math
from collections.abc import Sequence

from agentlab.core.decision import Decision, Sample, Verdict
from agentlab.core.measured import is_absolute
from agentlab.core.objective import Objective
from agentlab.core.readiness import Readiness
from agentlab.core.result import Detectable, Nearest
from agentlab.measure.detectable import Design, blocks_needed, detectable_improvement
from agentlab.measure.evidence import GUARD_ALPHA
from agentlab.measure.rules.choice import rule_for

__all__ = ["expected", "outlook"]

_FAR = 20
"""As many times the rule's blocks as are tried; what takes more is no near miss."""

_MOST_BLOCKS = 480
"""Nor is what takes more than these, whatever the rule."""

_LOOKED_AT = 3
"""Undecided proposals, those with the most evidence, of which the nearest is told."""


def outlook(
    decisions: Sequence[Decision],
    objective: Objective,
    *,
    tasks: int,
    has_fresh_seeds: bool,
    trials_per_s: float,
) -> Detectable | None:
    """Returns what the gate could see, with the noise that it saw.

    None where it saw nothing, or where the rule has no such measure.

    Args:
        decisions: All of the run.
        objective: Metric and rule.
        tasks: Validation tasks, all of which are in a block.
        has_fresh_seeds: Whether there are more blocks than one.
        trials_per_s: As fast as the run was.
    """
    compared = [
        decision
        for decision in decisions
        if decision.tested and decision.tested[0].metric == objective.metric
    ]
    at_gate = [decision for decision in compared if decision.stage == "gate"]
    samples = [decision.tested[0] for decision in at_gate or compared]
    if not samples:
        return None
    rule = rule_for(objective)
    design = rule.design(
        clusters_per_block=_clusters_per_block(samples) if at_gate else tasks,
        blocks=len(rule.looks) if has_fresh_seeds else 1,
        gates=len(at_gate),
    )
    if design is None:
        return None
    scale = max(sample.scale for sample in samples)
    improvement = detectable_improvement(
        design._replace(worthwhile=design.worthwhile / scale),
        spread=_pooled_spread(samples) / scale,
        is_binary=all(sample.is_binary for sample in samples),
    )
    found = Detectable(
        metric=objective.metric,
        improvement=None if improvement is None else improvement * scale,
        is_relative=not is_absolute(objective.metric),
        pairs=design.clusters_per_block * design.blocks,
    )
    if not has_fresh_seeds:
        return found
    nearest = _nearest(at_gate, design)
    if nearest is None:
        return found
    decision, blocks = nearest
    trials = 2 * tasks * blocks
    return found.model_copy(
        update={
            "nearest": Nearest(
                number=decision.number,
                label=decision.label,
                gain=decision.tested[0].mean,
                pairs=decision.tested[0].clusters,
                pairs_needed=design.clusters_per_block * blocks,
                blocks_needed=blocks,
                trials_needed=trials,
                needed_s=round(trials / trials_per_s, 1),
            )
        }
    )


def expected(readiness: Readiness) -> Detectable:
    """Returns what the gate could have seen, with the noise that was known beforehand."""
    return Detectable(
        metric=readiness.metric,
        improvement=readiness.detectable,
        is_relative=readiness.is_relative,
        pairs=readiness.pairs,
    )


def _nearest(decisions: Sequence[Decision], design: Design) -> tuple[Decision, int] | None:
    """Returns the undecided proposal that needs the fewest blocks, and how many."""
    undecided = [
        decision
        for decision in decisions
        if decision.verdict is Verdict.UNDECIDED and decision.e_value is not None
    ]
    promising = sorted(undecided, key=lambda decision: -(decision.e_value or 0.0))[:_LOOKED_AT]
    needed = [(decision, _blocks(decision, design)) for decision in promising]
    found = [(decision, blocks) for decision, blocks in needed if blocks is not None]
    return min(found, key=lambda entry: entry[1], default=None)


def _blocks(decision: Decision, design: Design) -> int | None:
    """Returns the blocks after which all that was not shown would be; None where that is far."""
    is_better = (decision.e_value or 0.0) >= 1 / design.alpha
    far = max(design.blocks, min(design.blocks * _FAR, _MOST_BLOCKS))
    patient = design._replace(blocks=far)
    most = 0
    for sample in decision.tested[1:] if is_better else decision.tested:
        alpha = design.alpha if sample is decision.tested[0] else GUARD_ALPHA
        blocks = blocks_needed(patient._replace(alpha=alpha), sample)
        if blocks is None:
            return None
        most = max(most, blocks)
    return max(most, decision.tested[0].blocks + 1)


def _clusters_per_block(samples: Sequence[Sample]) -> int:
    clusters = sum(sample.clusters for sample in samples)
    return max(1, round(clusters / sum(sample.blocks for sample in samples)))


def _pooled_spread(samples: Sequence[Sample]) -> float:
    """Returns the standard deviation that the samples have in common."""
    weights = [max(sample.clusters - 1, 1) for sample in samples]
    squares = [weight * s.spread**2 for weight, s in zip(weights, samples, strict=True)]
    return math.sqrt(sum(squares) / sum(weights))
