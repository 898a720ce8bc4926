"""The rubric: three shares, each by hand, and nothing for what was not done."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.environments.robot.world import carrying, environment, one_box, part, trajectory

judging, quality, simulators = part("judging"), part("quality"), part("simulator")


def rated(instance: Any, actions: list[Any]) -> Any:
    simulator = simulators.Simulator(instance.structure)
    still = [simulators.STILL] * judging.HELD_STEPS
    recording = trajectory(simulator, instance, actions + still)
    return quality.quality_of(instance, recording, judging.judge(instance, recording))


def slowly(actions: list[Any], steps: int = 20) -> list[Any]:
    """Returns actions whose set-point goes to each point in so many small moves."""
    at = (0.4, 0.0, 0.25)
    told = []
    for action in actions[::8]:
        way = [np.add(at, np.subtract(action.target, at) * n / steps) for n in range(1, steps + 1)]
        told += [action._replace(target=tuple(point)) for point in way]
        at = action.target
    return told


def test_an_arm_that_keeps_still_is_smooth_and_gentle_and_leaves_a_mess() -> None:
    found = rated(one_box(), [])
    assert found.smooth == pytest.approx(1.0, abs=0.02)
    assert found.gentle > 0.9
    assert found.tidy == 0.0


def test_the_same_way_in_smaller_moves_is_smoother() -> None:
    assert rated(one_box(), slowly(carrying())).smooth > rated(one_box(), carrying()).smooth + 0.1


def test_a_box_that_was_squeezed_was_not_treated_gently() -> None:
    assert rated(one_box(), carrying()).gentle < rated(one_box(), carrying(20)).gentle - 0.2


def test_tidy_is_how_near_of_three_centimetres() -> None:
    away = part("instance").Place(0, 0.5, 0.15 + 0.009, 0.025)
    assert rated(one_box()._replace(places=(away,)), []).tidy == pytest.approx(0.7, abs=0.02)


def test_a_box_without_a_place_belongs_where_it_was() -> None:
    pressed = part("instance").Instance(one_box().boxes, (), 50, button=(0.5, -0.1, 0.1))
    assert rated(pressed, []).tidy == pytest.approx(1.0, abs=0.02)


def test_what_is_not_solved_has_no_quality_in_an_outcome() -> None:
    world = environment("place")
    rollout = part("rollout").rollout
    done = rollout(part("expert").solve, "place", "train", 0, environment=world).outcome
    idle = rollout(lambda goal, tools: None, "place", "train", 0, environment=world).outcome
    assert 0.5 < done.metrics["quality"] < 1
    assert idle.metrics["quality"] == 0
