"""Columns of a sweep beside one of reference: the same experiments, the same seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.core.decision import Estimate
from agentlab.core.sweep import ColumnResult, PointResult
from agentlab.measure.intervals import mean_interval

__all__ = ["columns_of"]


def columns_of(points: Sequence[PointResult], reference: str) -> tuple[ColumnResult, ...]:
    """Returns each column of each experiment that has a result, in the order of the points.

    The unit is the seed: a run's own interval is about its winner, and not about what the search
    would have found with other luck.

    Args:
        points: Of all experiments, columns and seeds.
        reference: The column whose gain is taken off that of the others, seed by seed.
    """
    by_place: dict[tuple[str, str], dict[int, PointResult]] = {}
    for point in points:
        if point.gain is not None:
            by_place.setdefault((point.experiment, point.column), {})[point.seed] = point
    return tuple(
        _column(found, by_place.get((experiment, reference), {}), is_reference=column == reference)
        for (experiment, column), found in by_place.items()
    )


def _column(
    found: dict[int, PointResult], beside: dict[int, PointResult], *, is_reference: bool
) -> ColumnResult:
    first = next(iter(found.values()))
    leads = [
        _gain(found[seed]) - _gain(beside[seed])
        for seed in found
        if seed in beside and not is_reference
    ]
    return ColumnResult(
        experiment=first.experiment,
        column=first.column,
        metric=first.metric,
        seeds=len(found),
        gain=_mean([_gain(point) for point in found.values()]),
        lead=_mean(leads) if leads else None,
        wins=sum(lead > 0 for lead in leads),
        losses=sum(lead < 0 for lead in leads),
        trials=float(np.mean([point.trials for point in found.values()])),
        wall_s=float(np.mean([point.wall_s for point in found.values()])),
    )


def _gain(point: PointResult) -> float:
    assert point.gain is not None
    return point.gain.estimate


def _mean(values: Sequence[float]) -> Estimate:
    return mean_interval(np.array(values))
