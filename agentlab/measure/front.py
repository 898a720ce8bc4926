"""The front of success, context and cost: what a run found of all three, guards being kept.

Where a candidate lies is told from the baseline: its own paired difference to the incumbent of its
time, and that incumbent's to the one before. What was undecided or let go counts as what was kept
does, so long as no guard speaks against it: the front tells what may be had, the gate what is
shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agentlab.core.decision import Decision, Verdict
from agentlab.core.environment import Traits
from agentlab.core.front import Front, FrontPoint, Growth
from agentlab.measure.hypervolume import front_of, hypervolume
from agentlab.measure.savings import spent_metrics

__all__ = ["SLACK", "front_of_run"]

SLACK = 0.05
"""How much worse than the baseline the reference is in each dimension: else a gain in one, at no
loss in the others, would span no volume."""


class _Place(NamedTuple):
    """Where a candidate lies beside the baseline."""

    success: float
    left: tuple[float, ...]
    """Share that is left of what the baseline spends, for each that is metered."""

    @property
    def point(self) -> tuple[float, ...]:
        return (self.success, *(1.0 - share for share in self.left))


def front_of_run(decisions: Sequence[Decision], *, baseline: str, traits: Traits) -> Front:
    """Returns the front after the last of the decisions, and how it grew.

    Args:
        decisions: All of a run, by number.
        baseline: Digest of the target as it came.
        traits: What is metered in its world.
    """
    spent = spent_metrics(traits)
    origin = _Place(0.0, (1.0,) * len(spent))
    reference = (-SLACK,) * (1 + len(spent))
    found: list[tuple[Decision, _Place]] = []
    points = [origin.point]
    growth = [Growth(number=0, hypervolume=hypervolume(points, reference))]
    for decision, place in _places(decisions, baseline, origin, spent):
        found.append((decision, place))
        points.append(place.point)
        volume = hypervolume(points, reference)
        if volume > growth[-1].hypervolume:
            growth.append(Growth(number=decision.number, hypervolume=volume))
    on_front = [found[place - 1] for place in front_of(points) if place > 0]
    return Front(
        axes=("success", *spent),
        slack=SLACK,
        points=tuple(_shown(decision, place, spent) for decision, place in on_front),
        hypervolume=growth[-1].hypervolume,
        growth=tuple(growth),
    )


def _places(
    decisions: Sequence[Decision], baseline: str, origin: _Place, spent: Sequence[str]
) -> Iterator[tuple[Decision, _Place]]:
    """Yields where each candidate lies that came to the gate and that no guard speaks against."""
    known = {baseline: origin}
    for decision in decisions:
        start, change = known.get(decision.incumbent), decision.differences.get("success")
        if decision.stage != "gate" or start is None or change is None:
            continue
        place = _Place(
            start.success + change.estimate,
            tuple(
                share * (1.0 - decision.saved.get(metric, 0.0))
                for metric, share in zip(spent, start.left, strict=True)
            ),
        )
        if decision.verdict is Verdict.KEPT:
            known[decision.candidate] = place
        if decision.verdict is Verdict.KEPT or _keeps_guards(decision):
            yield decision, place


def _keeps_guards(decision: Decision) -> bool:
    """Returns whether each guard that is not shown to hold looks as if it did."""
    return all(sample.mean >= -sample.margin for sample in decision.tested[1:])


def _shown(decision: Decision, place: _Place, spent: Sequence[str]) -> FrontPoint:
    return FrontPoint(
        number=decision.number,
        candidate=decision.candidate,
        is_kept=decision.verdict is Verdict.KEPT,
        success=place.success,
        saved={metric: 1.0 - share for metric, share in zip(spent, place.left, strict=True)},
        pairs=decision.pairs,
    )
