"""The robot as every environment: its suite, its oracle, its splits, its options."""

from __future__ import annotations

from typing import Any

import mujoco
import pytest

from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.references import build_environment
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.environments.robot.world import environment, part


class _Suite(EnvironmentSuite):
    options: dict[str, Any]

    def make_environment(self) -> Environment:
        return build_environment(
            EnvironmentSpec(reference="environments/robot", options=self.options)
        )

    def oracle(self, episode: Any) -> JsonValue:
        for place in episode.instance.places:
            episode.pick(box=place.box)
            episode.place(goal=list(place[1:]))
        return None

    def observe(self, episode: Episode) -> JsonValue:
        seen: JsonValue = episode.tools["observe"].call({}).value
        return seen


class TestRobotOverTheWall(_Suite):
    options = {"tasks": ["place_over_wall"]}  # noqa: RUF012 - read, never written


class TestRobotAllOfIt(_Suite):
    options = {"tasks": ["place"], "variation": "all", "tier": 1}  # noqa: RUF012


class TestRobotTaught(_Suite):
    options = {"tasks": ["place"], "demonstrations": 6}  # noqa: RUF012


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("kind", ["place", "place_over_wall", "stack_two", "sort_three"])
def test_the_skills_solve_what_they_are_for(kind: str, split: Any) -> None:
    def solve(goal: Any, tools: Any) -> None:
        places = goal.inputs["goal"]
        for box in range(len(places) // 3):
            tools.pick(box=box)
            tools.place(goal=places[3 * box : 3 * box + 3])

    world = environment(kind)
    for seed in range(6):
        played = part("rollout").rollout(solve, kind, split, seed, environment=world)
        assert played.outcome.success == 1, (seed, played.outcome.feedback)


@pytest.mark.parametrize("kind", tuple(part("tasks").KINDS))
@pytest.mark.parametrize("level", ["nominal", "all"])
def test_doing_nothing_is_worth_nothing_anywhere(kind: str, level: str) -> None:
    world = environment(kind, variation=level)
    for seed in range(6):
        played = part("rollout").rollout(
            lambda goal, tools: None, kind, "train", seed, environment=world
        )
        assert (played.outcome.success, played.outcome.progress) == (0, 0)


def test_its_fingerprint_names_mujoco() -> None:
    assert environment().fingerprint()["mujoco"] == mujoco.__version__


def test_there_are_ten_tasks_of_a_kind_and_the_tests_are_others() -> None:
    world = environment("place", "place_over_wall")
    assert len(world.tasks("train")) == len(world.tasks("test")) == 20
    assert {task.group for task in world.tasks("test")} == {
        "place/heavy_boxes",
        "place_over_wall/high_walls",
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tasks": ["plce"]}, "no task 'plce'"),
        ({"variation": "some"}, "'some' is neither 'nominal' nor 'all'"),
        ({"tier": 4}, "tier: 4 is none of 1, 2 and 3"),
    ],
)
def test_a_wrong_option_is_one_clear_error(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        part("environment").RobotEnvironment(**options)


def test_without_mujoco_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    module = part("environment")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'agentlab-autoresearch\[robot\]'"):
        module.RobotEnvironment()
    assert [holds for _, holds, _ in module.doctor()] == [False]


@pytest.mark.parametrize("asked", ["off", "elg"])
def test_doctor_says_which_mujoco_there_is_and_what_paints(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJOCO_GL", asked)
    robot, pictures = part("environment").doctor()
    assert robot == ("robot", True, f"mujoco {mujoco.__version__}")
    assert pictures[:2] == ("robot's pictures", True)
    assert pictures[2].startswith("drawn without OpenGL (MUJOCO_GL")


def test_two_episodes_at_a_time_do_not_share_a_scene() -> None:
    world = environment()
    tasks = world.tasks("train")
    first, second = world.start(tasks[0], 0), world.start(tasks[0], 1)
    assert first._simulator is not second._simulator
    first.close()
    second.close()
    assert world.start(tasks[0], 2)._simulator in (first._simulator, second._simulator)
