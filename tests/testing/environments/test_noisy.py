from __future__ import annotations

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.value import JsonValue
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.noisy import OPTIMUM, NoisyEnvironment, NoisyEpisode


def turned(episode: NoisyEpisode, knobs: tuple[float, ...]) -> NoisyEpisode:
    for knob, value in enumerate(knobs):
        episode.turn(knob, value)
    return episode


class TestNoisy(EnvironmentSuite):
    seeds = (0, 1, 2, 3, 4, 5, 6, 7)
    null_success_at_most = 0.3

    def make_environment(self) -> Environment:
        return NoisyEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, NoisyEpisode)
        turned(episode, OPTIMUM)
        return None


def success_rate(knobs: tuple[float, ...]) -> float:
    environment = NoisyEnvironment()
    outcomes = [
        turned(environment.start(task, seed), knobs).judge(None).success
        for task in environment.tasks("validation")
        for seed in range(100)
    ]
    return sum(outcomes) / len(outcomes)


@pytest.mark.parametrize(
    ("knobs", "chance"),
    [((0.9, 0.1, 0.6), 1.0), ((0.6, 0.3, 0.5), 0.4), ((0.9, 0.3, 0.5), 0.7), ((0, 1, 0), 0.0)],
)
def test_the_chance_is_how_near_the_knobs_are(knobs: tuple[float, ...], chance: float) -> None:
    # Four standard errors of 1,200 draws.
    assert success_rate(knobs) == pytest.approx(chance, abs=0.058)


def test_whoever_is_nearer_solves_all_that_the_other_solves() -> None:
    environment = NoisyEnvironment()
    for task in environment.tasks("test"):
        for seed in range(20):
            far, near = (
                turned(environment.start(task, seed), knobs).judge(None).success
                for knobs in ((0.6, 0.3, 0.5), (0.7, 0.3, 0.5))
            )
            assert near >= far
