from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.environment import Environment, Episode
from agentlab.core.value import JsonValue
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.landscapes import (
    GradedEnvironment,
    Landscape,
    LandscapeEpisode,
    RuggedEnvironment,
    SparseEnvironment,
)


class _LandscapeSuite(EnvironmentSuite):
    world: type[RuggedEnvironment | SparseEnvironment | GradedEnvironment]

    def make_environment(self) -> Environment:
        return self.world()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, LandscapeEpisode)
        for knob, value in enumerate(self.world.landscape.optimum):
            episode.turn(knob, value or 1.0)
        return None


class TestRugged(_LandscapeSuite):
    world = RuggedEnvironment


class TestSparse(_LandscapeSuite):
    world = SparseEnvironment


class TestGraded(_LandscapeSuite):
    world = GradedEnvironment


WORLDS = (RuggedEnvironment, SparseEnvironment, GradedEnvironment)


@pytest.mark.parametrize("world", WORLDS)
def test_the_optimum_always_succeeds_and_nothing_is_better(
    world: type[RuggedEnvironment | SparseEnvironment | GradedEnvironment],
) -> None:
    best = [value or 1.0 for value in world.landscape.optimum]
    assert world.landscape.chance(best) == 1.0
    for knob, value in enumerate(world.landscape.optimum):
        other = [*best]
        other[knob] *= 1.2
        assert (world.landscape.chance(other) < 1.0) == (value is not None)


@given(st.lists(st.floats(), min_size=4, max_size=4))
def test_any_knobs_have_a_chance(knobs: list[float]) -> None:
    assert 0.0 <= RuggedEnvironment.landscape.chance(knobs) <= 1.0


def test_between_two_places_that_are_better_lies_a_dip() -> None:
    land = Landscape(optimum=(1.0,), slope=0.1, ripple=0.3)
    assert land.chance([2.0**0.5]) > land.chance([2.0**0.25])
    assert land.chance([1.0]) > land.chance([2.0**0.5])


def test_where_nothing_succeeds_yet_progress_tells_how_near_it_is() -> None:
    world = GradedEnvironment()
    (task, *_) = world.tasks("train")
    found = []
    for share in (0.5, 0.8):
        outcomes = []
        for seed in range(50):
            episode = world.start(task, seed)
            for knob, value in enumerate(world.landscape.optimum):
                assert value is not None
                episode.turn(knob, value * share)
            outcomes.append(episode.judge(None))
        found.append(outcomes)
    far, near = found
    assert sum(outcome.success for outcome in far) == 0
    assert sum(outcome.success for outcome in near) > 25
    assert (far[0].progress or 0) < (near[0].progress or 0) < 1
