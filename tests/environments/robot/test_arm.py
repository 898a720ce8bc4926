"""The arm's geometry, by hand and by going there and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.environments.robot.world import part

arm = part("arm")


def test_a_right_angle_at_the_elbow_is_what_pythagoras_says() -> None:
    # The upper arm straight up, the forearm straight ahead, the hand straight down.
    x, z = 0.36, 0.30 + 0.40 - 0.14
    turn, shoulder, elbow, pitch, roll = arm.inverse(x, 0.0, z, 0.0)
    assert (turn, roll) == (0.0, 0.0)
    assert (shoulder, elbow, pitch) == pytest.approx((-math.pi / 2, math.pi / 2, math.pi / 2))


def test_a_stretched_arm_reaches_as_far_as_its_parts_are_long() -> None:
    _, shoulder, elbow, pitch, _ = arm.inverse(0.76, 0.0, 0.16, 0.0)
    assert (shoulder, elbow, pitch) == pytest.approx((0.0, 0.0, math.pi / 2), abs=1e-7)


def test_the_roll_undoes_the_turn_of_the_base() -> None:
    turn, _, _, _, roll = arm.inverse(0.4, 0.4, 0.1, 0.25)
    assert turn == pytest.approx(math.pi / 4)
    assert roll == pytest.approx(math.pi / 4 - 0.25)


@given(st.floats(0.25, 0.6), st.floats(-0.3, 0.3), st.floats(0.01, 0.3), st.floats(-1.5, 1.5))
def test_there_and_back_is_where_one_was(x: float, y: float, z: float, yaw: float) -> None:
    assert arm.is_reachable(x, y, z)
    joints = arm.inverse(x, y, z, yaw)
    assert arm.forward(joints) == pytest.approx((x, y, z), abs=1e-9)
    assert sum(joints[1:4]) == pytest.approx(math.pi / 2)  # the hand points down


@pytest.mark.parametrize("point", [(0.1, 0.0, 0.1), (0.7, 0.45, 0.1), (0.5, 0.0, 0.6)])
def test_what_is_out_of_reach_is_said_to_be(point: tuple[float, float, float]) -> None:
    assert not arm.is_reachable(*point)
