"""The calls by which a policy sees and moves."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from agentlab.errors import ToolError
from tests.environments.robot.world import environment


def started(kind: str = "place", seed: int = 3, **options: Any) -> Any:
    world = environment(kind, **options)
    return world.start(world.tasks("train")[0], seed)


@pytest.mark.parametrize(
    ("tier", "names"),
    [
        (3, {"step", "observe"}),
        (2, {"step", "observe", "inverse_kinematics", "plan_waypoints"}),
        (1, {"step", "observe", "inverse_kinematics", "plan_waypoints", "pick", "place"}),
    ],
)
def test_a_tier_offers_its_tools(tier: int, names: set[str]) -> None:
    assert set(started(tier=tier).tools) == names


def test_a_step_returns_what_was_asked_for_and_nothing_else() -> None:
    episode = started()
    seen = episode.tools["step"].call({"move": [0.01, 0, 0], "fields": ["time", "grip"]}).value
    assert seen == {"time": 0.04, "grip": 0.1}


def test_repeating_is_the_same_as_calling_again() -> None:
    once, often = started(), started()
    once.step(move=[0.01, 0.0, -0.01], grip=0.5, repeat=5)
    for _ in range(5):
        often.step(move=[0.01, 0.0, -0.01], grip=0.5)
    assert once.finish().sha256 == often.finish().sha256


@pytest.mark.parametrize(
    "arguments",
    [
        {"move": [0, 0]},
        {"move": [0, 0, "x"]},
        {"move": [0, 0, float("nan")]},
        {"to": [float("inf"), 0, 0]},
        {"grip": 2},
        {"yaw": 100},
        {"joints": [0, 0, 0, 0]},
        {"fields": ["qpos"]},
        {"repeat": 0},
        {"repeat": 1000},
        {"move": [0, 0, 0], "to": [0.4, 0, 0.2]},
    ],
)
def test_a_step_that_makes_no_sense_is_refused_and_nothing_moves(arguments: dict[str, Any]) -> None:
    episode = started()
    with pytest.raises(ToolError) as caught:
        episode.tools["step"].call(arguments)
    assert caught.value.kind == "bad_arguments"
    assert episode.observe(fields=["time"]) == {"time": 0.0}


def test_time_is_up_after_the_last_step() -> None:
    episode = started()
    for _ in range(10):
        episode.step(repeat=10)
    with pytest.raises(ToolError) as caught:
        episode.step()
    assert caught.value.kind == "time_is_up"
    assert episode.judge(None).success == 0


def test_the_goal_tells_what_may_be_known_beforehand() -> None:
    episode = started("place_over_wall")
    inputs = episode.goal.inputs
    assert episode.observe(fields=["goal"])["goal"] == inputs["goal"]
    assert inputs["wall"]["height"] == 0.12
    assert inputs["half_sizes"] == [0.025]
    assert not {"mass_kg", "friction", "noise_m", "seed"} & set(inputs)


def test_a_plan_goes_over_the_wall_and_straight_where_there_is_none_between() -> None:
    episode = started("place_over_wall")
    over = episode.plan_waypoints(start=[0.4, 0.2, 0.03], goal=[0.5, -0.2, 0.03], clearance=0.1)
    assert over == [[0.4, 0.2, 0.22], [0.5, -0.2, 0.22], [0.5, -0.2, 0.03]]
    same_side = episode.plan_waypoints(start=[0.4, 0.2, 0.03], goal=[0.5, 0.15, 0.03])
    assert same_side == [[0.5, 0.15, 0.03]]


def test_joint_angles_of_a_point_are_told_where_it_is_in_reach() -> None:
    episode = started()
    joints = episode.inverse_kinematics(point=[0.36, 0.0, 0.40])
    assert joints is not None
    for _ in range(30):
        episode.step(joints=joints)
    assert episode.observe(["tool"])["tool"] == pytest.approx([0.36, 0.0, 0.40], abs=2e-3)
    assert episode.inverse_kinematics(point=[2.0, 0.0, 0.1]) is None


def test_there_is_no_third_box_to_pick() -> None:
    with pytest.raises(ToolError) as caught:
        started().pick(box=2)
    assert caught.value.kind == "no_such_box"


def test_what_the_arm_was_told_late_is_still_done_before_it_is_judged() -> None:
    episode = started("noisy_late")
    episode.step(move=[0.05, 0.0, 0.0])
    before = episode._simulator.effort
    episode.judge(None)
    assert before == 0
    assert episode._simulator.effort > 0


def test_the_evidence_is_a_strip_a_clip_and_the_trajectory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJOCO_GL", "off")
    episode = started()
    episode.step(repeat=5)
    found = episode.evidence()
    assert {name.split(".")[0] for name in found} == {"strip", "clip", "trajectory"}
    assert np.load(io.BytesIO(found["trajectory.npy"])).shape == (1 + 5 + 10, 14)
