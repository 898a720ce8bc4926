"""How much of the space between a reference and a front is dominated, in up to three dimensions."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["dominates", "front_of", "hypervolume"]

Point = tuple[float, ...]


def hypervolume(points: Sequence[Point], reference: Point) -> float:
    """Returns the volume of all that lies between the reference and a point; more is better.

    Exact: the last dimension is cut into slabs at the points, and what each slab holds has one
    dimension less (Zitzler and Thiele, "Multiobjective optimization using evolutionary algorithms",
    PPSN V 1998, whose measure this is).

    Args:
        points: Higher is better in each dimension; those that are not better than the reference in
            all of them add nothing.
        reference: As many numbers as a point has.

    >>> hypervolume([(2.0, 1.0), (1.0, 2.0)], (0.0, 0.0))
    3.0
    """
    beyond = [
        point
        for point in points
        if all(mine > least for mine, least in zip(point, reference, strict=True))
    ]
    if not beyond:
        return 0.0
    if len(reference) == 1:
        return max(point[0] for point in beyond) - reference[0]
    volume, floor = 0.0, reference[-1]
    for level in sorted({point[-1] for point in beyond}):
        above = [point[:-1] for point in beyond if point[-1] >= level]
        volume += (level - floor) * hypervolume(above, reference[:-1])
        floor = level
    return volume


def front_of(points: Sequence[Point]) -> list[int]:
    """Returns the places of the points that no other dominates; of equals the first."""
    return [
        place
        for place, point in enumerate(points)
        if point not in points[:place] and not any(dominates(other, point) for other in points)
    ]


def dominates(one: Point, other: Point) -> bool:
    """Returns whether a point is as good in all dimensions and better in one.

    >>> dominates((1.0, 2.0), (1.0, 1.0)), dominates((1.0, 1.0), (1.0, 1.0))
    (True, False)
    """
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))
