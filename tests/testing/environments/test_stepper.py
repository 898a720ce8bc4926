from __future__ import annotations

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.task import Task
from agentlab.core.value import JsonValue
from agentlab.errors import ToolError
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.stepper import StepperEnvironment, StepperEpisode


def damped(episode: StepperEpisode) -> None:
    x, y, vx, vy = episode.look()
    for _ in range(100):
        forces = (
            max(-10.0, min(10.0, 4 * (goal - place) - 4 * speed))
            for goal, place, speed in zip(episode._goal, (x, y), (vx, vy), strict=True)
        )
        x, y, vx, vy = episode.push(*forces)


class TestStepper(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return StepperEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, StepperEpisode)
        damped(episode)
        return None

    def observe(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, StepperEpisode)
        return [*episode.look()]


ICE = Task(id="ice", group="ice", inputs={"friction": 0.0})


def test_a_mass_without_friction_keeps_its_speed() -> None:
    episode = StepperEnvironment().start(ICE, 3)

    _, _, vx, vy = episode.push(1.0, -1.0)
    later = episode.push(0.0, 0.0)

    assert later[2:] == [vx, vy]
    assert vx == -vy > 0


def test_energy_is_what_was_pushed_along_the_way() -> None:
    episode = StepperEnvironment().start(ICE, 3)
    _, _, vx, _ = episode.push(2.0, 0.0)

    assert episode.judge(None).metrics["energy"] == pytest.approx(2.0 * vx * 0.05)


def test_there_are_a_hundred_steps() -> None:
    episode = StepperEnvironment().start(ICE, 3)
    for _ in range(100):
        episode.push(0.0, 0.0)

    with pytest.raises(ToolError) as caught:
        episode.push(0.0, 0.0)
    assert caught.value.kind == "over"


@pytest.mark.parametrize("force", [10.1, -11, float("nan"), float("inf"), "x", None])
def test_a_push_that_is_too_strong_or_no_number_is_refused(force: JsonValue) -> None:
    push = StepperEnvironment().start(ICE, 3).tools["push"]

    with pytest.raises(ToolError) as caught:
        push.call({"x": force, "y": 0})
    assert caught.value.kind == "bad_arguments"
