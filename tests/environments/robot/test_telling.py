"""What a meta-agent is told is what happened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.environments.robot.world import carrying, one_box, part, trajectory

judging, simulators, telling = part("judging"), part("simulator"), part("telling")


def told(instance: Any, actions: list[Any]) -> str:
    simulator = simulators.Simulator(instance.structure)
    still = [simulators.STILL] * judging.HELD_STEPS
    recording = trajectory(simulator, instance, actions + still)
    words: str = telling.tell(instance, recording, judging.judge(instance, recording))
    return words


def test_a_gripper_that_closes_beside_the_box_is_told_in_millimetres() -> None:
    off = [action._replace(target=(0.5, 0.15 + 0.018, 0.06)) for action in carrying(30)]
    words = told(one_box(), off)
    assert words.startswith("closed the gripper 35 mm too high and 18 mm beside the red box")
    assert "at t = 0.9 s" in words


def test_nothing_done_is_told_with_how_near_one_came() -> None:
    assert told(one_box(), []) == (
        "never closed the gripper; the tool came within 288 mm of a box; "
        "the red box is 304 mm from its goal at the end"
    )


def test_a_box_that_is_let_go_in_the_air_was_dropped() -> None:
    opened = [*carrying(46), *[carrying()[46]._replace(opening=1.0)] * 20]
    words = told(one_box(), opened)
    assert "dropped the red box from" in words


def test_the_wall_is_told_of() -> None:
    walled = one_box(wall=part("instance").Wall(0.45, 0.0, 0.12))
    low = [action for action in carrying() if action.target[2] < 0.2]
    assert "hit the wall at t =" in told(walled, low)


def test_a_success_says_how_near() -> None:
    words = told(one_box(), carrying())
    assert words.startswith("closed the gripper on the red box at t =")
    assert " mm from its goal at the end" in words


def test_a_breakdown_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = one_box()
    simulator = simulators.Simulator(instance.structure)
    simulator.reset(instance)
    simulator.data.qvel[9] = 1e12
    for _ in range(12):
        simulator.step(simulators.STILL)
    recording = simulator.recording()
    words = telling.tell(instance, recording, judging.judge(instance, recording))
    assert words.startswith("sim_unstable: ")
