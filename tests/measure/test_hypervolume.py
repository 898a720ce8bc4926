"""Hypervolume: exact, by hand and by dice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.measure.hypervolume import dominates, front_of, hypervolume
from agentlab.measure.pairing import FloatArray

quarters = st.integers(-2, 4).map(lambda number: number / 4)
dimensions = st.sampled_from([1, 2, 3])
clouds = dimensions.flatmap(
    lambda size: st.lists(st.tuples(*[quarters] * size), min_size=1, max_size=6)
)


@pytest.mark.parametrize(
    ("points", "volume"),
    [
        ([], 0.0),
        ([(3.0,), (1.0,)], 3.0),
        ([(2.0, 3.0)], 6.0),
        ([(2.0, 1.0), (1.0, 2.0)], 3.0),
        ([(2.0, 1.0), (1.0, 2.0), (1.0, 1.0)], 3.0),
        ([(5.0, 0.0), (-1.0, 9.0)], 0.0),
        ([(1.0, 2.0, 3.0)], 6.0),
        ([(2.0, 1.0, 1.0), (1.0, 2.0, 1.0), (1.0, 1.0, 2.0)], 4.0),
        ([(2.0, 2.0, 1.0), (1.0, 1.0, 2.0)], 5.0),
    ],
)
def test_what_can_be_reckoned_by_hand_is_right(
    points: list[tuple[float, ...]], volume: float
) -> None:
    origin = (0.0,) * (len(points[0]) if points else 2)
    assert hypervolume(points, origin) == volume


def share_below(places: FloatArray, points: list[tuple[float, ...]]) -> float:
    """Returns the share of places that some point dominates."""
    below = np.zeros(len(places), dtype=bool)
    for point in points:
        below |= np.array(
            [all(p < q for p, q in zip(place, point, strict=True)) for place in places]
        )
    return float(below.mean())


@given(clouds)
def test_it_is_the_share_of_a_box_that_is_dominated(points: list[tuple[float, ...]]) -> None:
    size = len(points[0])
    # The middles of the cells of a grid that all points lie on: as exact as it is simple.
    side = (np.arange(4) + 0.5) / 4
    cells = np.stack(np.meshgrid(*[side] * size), axis=-1).reshape(-1, size)
    assert hypervolume(points, (0.0,) * size) == pytest.approx(share_below(cells, points))


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=8), st.integers(0, 99))
def test_dice_agree(points: list[tuple[float, ...]], seed: int) -> None:
    thrown = np.random.default_rng(seed).random((1000, 3))
    # Five standard errors of a share of 1,000.
    share = share_below(thrown, points)
    assert hypervolume(points, (0.0, 0.0, 0.0)) == pytest.approx(share, abs=0.08)


@given(clouds)
def test_only_the_front_counts_and_one_more_point_never_takes_away(
    points: list[tuple[float, ...]],
) -> None:
    origin = (0.0,) * len(points[0])
    front = [points[place] for place in front_of(points)]
    assert hypervolume(front, origin) == pytest.approx(hypervolume(points, origin))
    assert hypervolume(points[:-1], origin) <= hypervolume(points, origin)
    assert not any(dominates(one, other) for one in front for other in front)
    assert len(set(front)) == len(front)
