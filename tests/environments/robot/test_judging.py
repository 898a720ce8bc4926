"""Success is a box at rest at its goal, and nothing that only looks like it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.environments.robot.world import carrying, one_box, part, trajectory

judging, simulators, instances = part("judging"), part("simulator"), part("instance")


def judged(instance: Any, actions: list[Any]) -> Any:
    simulator = simulators.Simulator(instance.structure)
    still = [simulators.STILL] * judging.HELD_STEPS
    return judging.judge(instance, trajectory(simulator, instance, actions + still))


def recorded(path: Any, **changes: Any) -> Any:
    """Returns a recording in which the box goes along these points."""
    points = np.asarray(path, dtype=float)
    qpos = np.zeros((len(points), 14))
    qpos[:, 7:10], qpos[:, 10] = points, 1.0
    given = {
        "qpos": qpos,
        "touch": np.zeros((len(points), 3)),
        "openings": np.ones(len(points)),
        "energy_j": 1.0,
        "effort": 0.1,
        "is_unstable": False,
    }
    return part("recording").Recording(**{**given, **changes})


GOAL = (0.45, -0.15, 0.025)
START = (0.5, 0.15, 0.025)


def test_a_box_that_was_carried_to_its_goal_is_solved() -> None:
    found = judged(one_box(), carrying())
    assert found.is_solved
    assert found.is_final
    assert found.is_any
    assert found.progress > 0.9
    assert 2.0 < found.time_s < 3.2
    assert found.energy_j > 5
    assert found.peak_contact_n > 1


def test_doing_nothing_is_worth_nothing() -> None:
    found = judged(one_box(), [])
    assert (found.is_solved, found.is_any, found.progress) == (False, False, 0.0)


def test_a_goal_that_is_passed_through_is_no_success() -> None:
    path = [START] * 5 + [GOAL] * 30 + [START] * 5
    found = judging.judge(one_box(), recorded(path))
    assert found.is_any
    assert not found.is_final
    assert found.progress == 0.0


@pytest.mark.parametrize(("held", "is_final"), [(9, False), (10, True)])
def test_it_must_be_there_for_the_last_ten_steps(held: int, is_final: bool) -> None:
    near = (GOAL[0] + 0.02, *GOAL[1:])
    found = judging.judge(one_box(), recorded([START] * 5 + [near] * held))
    assert found.is_final == is_final


def test_a_box_that_moves_on_is_not_at_rest() -> None:
    slide = [(GOAL[0] + 0.0015 * step, *GOAL[1:]) for step in range(-10, 10)]
    assert not judging.judge(one_box(), recorded([START, *slide])).is_final


def test_thirty_millimetres_are_too_far() -> None:
    for away, is_final in ((0.0299, True), (0.0301, False)):
        path = [START] * 2 + [(GOAL[0] + away, *GOAL[1:])] * 12
        assert judging.judge(one_box(), recorded(path)).is_final == is_final


def test_an_unstable_trial_is_never_solved_however_it_ends() -> None:
    path = [START] * 2 + [GOAL] * 20
    assert judging.judge(one_box(), recorded(path)).is_solved
    found = judging.judge(one_box(), recorded(path, is_unstable=True))
    assert (found.is_solved, found.is_final, found.is_any) == (False, False, False)
    assert (found.is_unstable, found.progress) == (True, 0.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 500.0])
def test_a_box_where_none_can_be_is_unstable(bad: float) -> None:
    path = [START] * 2 + [(bad, 0.0, 0.0)] + [GOAL] * 20
    found = judging.judge(one_box(), recorded(path, energy_j=bad))
    assert found.is_unstable
    assert not found.is_solved
    assert np.isfinite([found.energy_j, *found.errors_m]).all()


def test_a_box_that_fell_to_its_goal_was_dropped() -> None:
    higher = [(*GOAL[:2], z) for z in (0.2, 0.2, 0.18, 0.14, 0.08, 0.025)]
    found = judging.judge(one_box(), recorded([START, *higher, *[GOAL] * 20]))
    assert found.is_final
    assert not found.is_solved
    assert [(drop.box, round(drop.height_m, 2)) for drop in found.drops] == [(0, 0.18)]


def test_a_box_that_is_brought_down_quickly_was_not_dropped() -> None:
    higher = [(*GOAL[:2], z) for z in (0.2, 0.16, 0.12, 0.08, 0.04, 0.025)]
    path = [START, *higher, *[GOAL] * 20]
    held = np.zeros((len(path), 3))
    held[:, :2] = 5.0
    assert judging.judge(one_box(), recorded(path, touch=held)).is_solved


def test_the_wall_is_hit_as_often_as_it_is_touched_anew() -> None:
    walled = one_box(wall=instances.Wall(0.45, 0.0, 0.12))
    touch = np.zeros((8, 4))
    touch[:, 3] = (0, 1, 1, 0, 0, 2, 0, 1)
    assert judging.judge(walled, recorded([START] * 8, touch=touch)).wall_hits == 3


def test_carrying_straight_on_hits_the_wall() -> None:
    walled = one_box(wall=instances.Wall(0.45, 0.0, 0.12))
    low = [action for action in carrying() if action.target[2] < 0.2]
    found = judged(walled, low)
    assert not found.is_solved
    assert found.wall_hits > 0


def test_a_button_is_pressed_or_not() -> None:
    button = instances.Instance(one_box().boxes, (), 60, button=(0.5, -0.1, 0.1))
    to, action = simulators.TO, simulators.Action
    down = [action(to, (0.5, -0.1, 0.15), 0.0, 0.0)] * 15 + [
        action(to, (0.5, -0.1, 0.07), 0.0, 0.0)
    ] * 25
    assert judged(button, down).is_solved
    above = judged(button, down[:15])
    assert not above.is_any
    assert 0 < above.progress < 1
    assert judged(button, []).progress == 0
