"""The camera: what is to be seen is in the picture, where MuJoCo has it as well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.robot.pictures.view import View, axes_of, fitted, projected

LENGTHS = st.floats(-2, 2)


def test_what_is_looked_at_is_in_the_middle() -> None:
    view = View((1.0, 2.0, 3.0), 0.7, azimuth=33, elevation=-20)
    ((column, row),), (depth,) = projected(np.array([view.target]), view, 320, 240)
    assert (column, row) == pytest.approx((160, 120))
    assert depth == pytest.approx(0.7)


def test_along_x_the_left_is_y_and_up_is_z() -> None:
    right, up, ahead = axes_of(View((0, 0, 0), 1, azimuth=0, elevation=0))
    assert ahead == pytest.approx([1, 0, 0])
    assert right == pytest.approx([0, -1, 0])
    assert up == pytest.approx([0, 0, 1])


def test_what_is_behind_has_no_depth() -> None:
    view = View((0, 0, 0), 1, azimuth=0, elevation=0)
    _, depth = projected(np.array([[-5.0, 0, 0], [5.0, 0, 0]]), view, 320, 240)
    assert (depth > 0).tolist() == [False, True]


@given(
    st.lists(st.tuples(LENGTHS, LENGTHS, LENGTHS), min_size=2, max_size=9),
    st.floats(-180, 180),
    st.floats(-80, 10),
)
def test_all_that_is_to_be_seen_is_in_the_picture(
    points: list[tuple[float, float, float]], azimuth: float, elevation: float
) -> None:
    places = np.array(points)
    view = fitted(places, 320, 240, azimuth=azimuth, elevation=elevation)
    seen, depth = projected(places, view, 320, 240)
    assert (depth > 0).all()
    assert (seen >= 0).all()
    assert (seen <= [320, 240]).all()
