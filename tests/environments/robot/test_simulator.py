"""The physics: repeatable, the same in place as compiled anew, late when late, never lucky."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import mujoco
import numpy as np
import pytest

from agentlab.references import builtin_root
from tests.environments.robot.world import carrying, one_box, part, trajectory

instances, simulators = part("instance"), part("simulator")


def make(instance: Any) -> Any:
    return simulators.Simulator(instance.structure)


def test_the_same_actions_give_the_same_bytes_whatever_was_played_before() -> None:
    instance = one_box(yaw=0.3)
    fresh = trajectory(make(instance), instance, carrying())
    used = make(instance)
    trajectory(used, one_box(mass_kg=0.9, half_m=0.04, friction=0.3), carrying(40))
    assert trajectory(used, instance, carrying()).sha256 == fresh.sha256


_ELSEWHERE = """
import sys
sys.path.insert(0, {root!r})
from environments.robot.instance import Box, Instance, Place
from environments.robot.simulator import TO, Action, Simulator
instance = Instance((Box(0.5, 0.15, 0.025, 0.3),), (Place(0, 0.45, -0.15, 0.025),), 100)
simulator = Simulator(instance.structure)
simulator.reset(instance)
for _ in range(30):
    simulator.step(Action(TO, (0.5, 0.15, 0.03), 0.1, 0.0))
print(simulator.recording().sha256)
assert not {{"agentlab", "pydantic"}} & set(sys.modules)
"""


def test_another_process_without_the_library_gives_the_same_bytes() -> None:
    instance = one_box(yaw=0.3)
    here = trajectory(
        make(instance),
        instance,
        [simulators.Action(simulators.TO, (0.5, 0.15, 0.03), 0.1, 0.0)] * 30,
    )
    program = _ELSEWHERE.format(root=str(builtin_root()))
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == here.sha256


def compiled(instance: Any) -> Any:
    """Returns a model that MuJoCo compiled from a file that says the instance itself."""
    box, half = instance.boxes[0], instance.boxes[0].half_m
    xml = part("model").scene_xml(instance.structure)
    own = 'name="red" class="box" size=".025 .025 .025"'
    assert own in xml
    changed = own.replace(".025 .025 .025", f"{half} {half} {half}")
    changed += f' mass="{box.mass_kg}" friction="{box.friction} .01 .001"'
    xml = xml.replace(own, changed)
    if instance.wall is not None:
        was = 'name="wall" type="box" size=".2 .01 .06"'
        assert was in xml
        xml = xml.replace(was, was.replace(".06", str(instance.wall.height_m / 2)))
    return mujoco.MjModel.from_xml_string(xml)


@pytest.mark.parametrize("has_wall", [False, True])
def test_what_is_written_into_a_model_is_what_a_compiler_would_have_made(has_wall: bool) -> None:
    wall = instances.Wall(0.45, 0.0, 0.16) if has_wall else None
    instance = one_box(mass_kg=0.9, half_m=0.035, z=0.035, friction=0.3, wall=wall)
    simulator = make(instance)
    simulator.reset(instance)
    anew = compiled(instance)
    written = simulator.model
    for name in (
        "body_mass", "body_inertia", "body_subtreemass", "body_invweight0", "dof_invweight0",
        "geom_size", "geom_rbound", "geom_aabb", "geom_friction",
    ):  # fmt: skip
        np.testing.assert_allclose(
            getattr(written, name), getattr(anew, name), atol=1e-9, err_msg=name
        )


def test_without_setting_the_constants_anew_a_mass_gives_other_physics(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = one_box(mass_kg=1.0)
    right = trajectory(make(instance), instance, carrying())
    monkeypatch.setattr(mujoco, "mj_setConst", lambda model, data: None)
    wrong = trajectory(make(instance), instance, carrying())
    assert wrong.sha256 != right.sha256


def test_a_late_arm_does_nothing_first_and_then_the_same() -> None:
    late = one_box(conditions=instances.Conditions(delay_steps=3))
    padded = [simulators.STILL] * 3 + carrying(40)
    delayed = trajectory(make(late), late, carrying(43))
    at_once = trajectory(make(late), one_box(), padded)
    assert delayed.sha256 == at_once.sha256


def test_the_noise_is_in_what_is_seen_and_not_in_what_is() -> None:
    noisy = one_box(conditions=instances.Conditions(noise_m=0.008), noise_seed=5)
    simulator = make(noisy)
    assert trajectory(simulator, noisy, carrying()).sha256 == (
        trajectory(make(noisy), one_box(), carrying()).sha256
    )
    simulator.reset(noisy)
    seen = []
    for _ in range(100):
        simulator.step(simulators.STILL)
        seen.append(simulator.observe(["box"])["box"])
        assert simulator.observe(["box"])["box"] == seen[-1]  # looking again tells no more
    off = np.array(seen) - (0.5, 0.15, 0.025)
    assert np.std(off) == pytest.approx(0.008, rel=0.2)


def test_the_energy_is_the_motors_work_at_every_substep() -> None:
    instance = one_box()
    simulator, by_hand = make(instance), make(instance)
    simulator.reset(instance)
    by_hand.reset(instance)
    work = 0.0
    for action in carrying():
        simulator.step(action)
        by_hand.data.ctrl[:] = simulator.data.ctrl
        for _ in range(10):
            mujoco.mj_step(by_hand.model, by_hand.data)
            power = by_hand.data.actuator_force * by_hand.data.actuator_velocity
            work += float(np.abs(power).sum()) * 0.004
    assert simulator.energy_j == pytest.approx(work)
    assert work > 5


def test_a_set_point_moves_no_faster_than_it_may_and_stays_in_the_workspace() -> None:
    instance = one_box()
    simulator = make(instance)
    simulator.reset(instance)
    simulator.step(simulators.Action(simulators.MOVE, (3.0, 4.0, 0.0)))
    assert simulator._at == pytest.approx((0.43, 0.04, 0.25))
    for _ in range(60):
        simulator.step(simulators.Action(simulators.MOVE, (3.0, 4.0, -9.0)))
    assert simulator._at == pytest.approx((0.70, 0.45, 0.01), abs=1e-9)


def test_joints_go_where_the_same_point_goes() -> None:
    instance = one_box()
    simulator = make(instance)
    simulator.reset(instance)
    joints = part("arm").inverse(0.5, 0.1, 0.2, 0.0)
    for _ in range(40):
        simulator.step(simulators.Action(simulators.JOINTS, joints))
    assert simulator.observe(["tool"])["tool"] == pytest.approx([0.5, 0.1, 0.2], abs=2e-3)


def test_a_gripper_that_is_shut_stays_shut() -> None:
    instance = one_box(is_gripper_shut=True)
    simulator = make(instance)
    simulator.reset(instance)
    for _ in range(20):
        simulator.step(simulators.Action(simulators.MOVE, (0.0, 0.0, 0.0), None, 1.0))
    assert simulator.observe(["grip"])["grip"] < 0.002


@pytest.mark.parametrize("value", [float("nan"), 1e12])
def test_a_state_that_breaks_down_is_unstable_and_leaves_no_log(
    value: float, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    instance = one_box()
    simulator = make(instance)
    simulator.reset(instance)
    simulator.step(simulators.STILL)
    simulator.data.qvel[9] = value
    simulator.step(simulators.STILL)
    assert simulator.recording().is_unstable
    assert list(tmp_path.iterdir()) == []
    simulator.reset(instance)
    simulator.step(simulators.STILL)
    assert not simulator.recording().is_unstable


def test_all_fields_can_be_seen() -> None:
    button = instances.Instance(one_box().boxes, (), 50, button=(0.5, -0.1, 0.1))
    simulator = make(button)
    simulator.reset(button)
    seen = simulator.observe(simulators.FIELDS)
    assert tuple(seen) == simulators.FIELDS
    assert seen["tool"] == pytest.approx([0.4, 0.0, 0.25])
    assert seen["goal"] == [0.5, -0.1, 0.1]
    assert seen["box"] == [0.5, 0.15, 0.025]
    assert (seen["time"], seen["button"], seen["grip"]) == (0.0, 0.0, 0.1)


@pytest.mark.parametrize("yaw", [-0.6, 0.0, 0.45])
def test_a_yaw_is_told_as_it_was_set(yaw: float) -> None:
    instance = one_box(yaw=yaw)
    simulator = make(instance)
    simulator.reset(instance)
    assert simulator.observe(["box_yaw"])["box_yaw"] == [pytest.approx(yaw, abs=1e-4)]
