"""Worlds of gymnasium as every environment: the suite, on two poles and a world with goals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.task import SPLITS
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.environments.gym.conftest import Stub, gym_world, play
from tests.environments.gym.worlds import REACH, Reach

BALANCED = (0.0, 0.1, 1.0, 0.3)
"""Weights of the cart's numbers that keep the pole up."""


class GymSuite(EnvironmentSuite):
    """What is the same for all of them."""

    def observe(self, episode: Any) -> JsonValue:
        seen: JsonValue = episode.watch()
        return seen


class TestCartPole(GymSuite):
    def make_environment(self) -> Environment:
        return gym_world(id="CartPole-v1")

    def oracle(self, episode: Episode) -> JsonValue:
        tools, is_over = Stub(episode), False
        seen = tools.watch()
        while not is_over:
            pull = sum(a * b for a, b in zip(BALANCED, seen, strict=True))
            seen, _, terminated, truncated = tools.step(int(pull > 0))
            is_over = terminated or truncated
        return None


class TestInvertedPendulum(GymSuite):
    """A task of gymnasium's own in MuJoCo."""

    oracle_success_at_least = 1.0

    def make_environment(self) -> Environment:
        return gym_world(id="InvertedPendulum-v5")

    def oracle(self, episode: Episode) -> JsonValue:
        tools, is_over = Stub(episode), False
        seen = tools.watch()
        while not is_over:
            place, angle, speed, turn = seen
            force = 0.5 * place + 15 * angle + 0.8 * speed + 2 * turn
            seen, _, terminated, truncated = tools.step([max(-3.0, min(3.0, force))])
            is_over = terminated or truncated
        return None


class TestReach(GymSuite):
    """A goal world: its spaces are composed, and it says at each step whether it succeeds."""

    def make_environment(self) -> Environment:
        return gym_world(id=REACH)

    def oracle(self, episode: Episode) -> JsonValue:
        reach(episode, steps=Reach.STEPS)
        return None


def reach(episode: Episode, *, steps: int) -> None:
    """Goes to the goal and stays, for so many steps."""
    tools = Stub(episode)
    seen = tools.watch()
    for _ in range(steps):
        here, there = np.array(seen[:2]), np.array(seen[2:4])
        push = np.clip(there - here, -1, 1)
        seen, *_ = tools.step([*map(float, push), 1])


@pytest.fixture(scope="module")
def goals() -> Iterator[Any]:
    environment = gym_world(id=REACH)
    yield environment
    environment.close()


def test_the_first_hours_rules_do_something_and_do_not_solve() -> None:
    for name, target in (("CartPole-v1", "cartpole"), ("InvertedPendulum-v5", "inverted_pendulum")):
        environment = gym_world(id=name)
        outcomes = [play(environment, target, seed) for seed in range(5)]

        assert not any(outcome.success for outcome in outcomes), name
        assert all(outcome.metrics["length"] > 10 for outcome in outcomes), name


def test_better_numbers_solve_the_pole(cartpole: Environment) -> None:
    assert play(cartpole, "cartpole", 3, WEIGHTS=BALANCED).success == 1


def test_the_splits_share_no_seed(cartpole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[str, set[int]] = {}
    reset = type(cartpole._world.env).reset

    for split in SPLITS:
        found = used.setdefault(split, set())

        def remember(env: Any, *, seed: int, _found: set[int] = found) -> Any:
            _found.add(seed)
            return reset(env, seed=seed)

        monkeypatch.setattr(type(cartpole._world.env), "reset", remember)
        for task in cartpole.tasks(split):
            for seed in (0, 1, 2**32 - 1):
                cartpole.start(task, seed)
    assert [len(found) for found in used.values()] == [30, 30, 30]
    assert not used["test"] & (used["train"] | used["validation"])
    assert not used["train"] & used["validation"]
    assert max(max(found) for found in used.values()) < 2**31


def test_a_goal_world_tells_how_many_steps_it_lost(goals: Any) -> None:
    episode = goals.start(goals.tasks("train")[0], 1)
    reach(episode, steps=Reach.STEPS)
    outcome = episode.judge(None)

    first = outcome.metrics["steps_to_success"]
    assert 1 < first < Reach.STEPS
    assert outcome.success == outcome.metrics["success_final"] == 1
    assert outcome.metrics["steps_lost"] == first - 1 == -outcome.metrics["return"]
    assert "held to the end" in outcome.feedback


def test_what_was_reached_and_lost_again_counts_where_any_step_counts(goals: Any) -> None:
    lost = {}
    for rule in ("final", "any"):
        environment = gym_world(id=REACH, success=rule)
        episode = environment.start(environment.tasks("train")[0], 1)
        reach(episode, steps=Reach.STEPS - 3)
        tools = Stub(episode)
        for _ in range(3):
            tools.step([1, 1, 1])
        lost[rule] = episode.judge(None)

    assert (lost["final"].success, lost["any"].success) == (0, 1)
    assert lost["final"].metrics == lost["any"].metrics
    assert lost["final"].metrics["steps_lost"] == -lost["final"].metrics["return"]


def test_to_leave_at_a_good_moment_gains_nothing(goals: Any) -> None:
    """The wind of this world blows away whoever does nothing."""
    task = goals.tasks("train")[0]
    episode = goals.start(task, 1)
    reach(episode, steps=int(Reach.STEPS / 2))
    outcome = episode.judge(None)

    assert outcome.metrics["length"] == Reach.STEPS
    assert (outcome.metrics["success_any"], outcome.success) == (1, 0)
    assert "left" in outcome.feedback


def test_progress_is_the_share_of_the_way_to_the_return_that_is_wanted() -> None:
    graded = gym_world(id="CartPole-v1", success="graded", solved_return=100, worst_return=10)
    outcome = play(graded, "cartpole", 3)

    share = (outcome.metrics["return"] - 10) / 90
    assert outcome.success == outcome.progress == pytest.approx(share)
    assert 0 < share < 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "options.id: say which world"),
        ({"id": "CartPole-v7"}, "CartPole-v7"),
        ({"id": "CratPole-v1"}, "did you mean 'CartPole-v1'?"),
        ({"id": "Nowhere-v0"}, "module:Name-v1"),
        ({"id": "no_such_module:X-v0"}, "no module 'no_such_module'"),
        ({"id": "CartPole-v1", "kwargs": {"gravty": 1}}, "'CartPole-v1' cannot be made"),
        ({"id": "CartPole-v1", "success": "finel"}, "did you mean 'final'?"),
        ({"id": "CartPole-v1", "success": "final"}, "give solved_return"),
        ({"id": "CartPole-v1", "worst_return": 500}, "must be below"),
        ({"id": "Pendulum-v1"}, "give the return that counts as solved"),
        ({"id": "tests.environments.gym.worlds:Endless-v0"}, "give max_steps"),
        ({"id": "tests.environments.gym.worlds:Talk-v0"}, "Text cannot be told in numbers"),
        ({"id": "tests.environments.gym.worlds:Stuck-v0"}, "cannot be played: RuntimeError: stuck"),
    ],
)
def test_options_that_do_not_fit_are_told_before_anything_starts(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        gym_world(**options)
    assert said in str(caught.value)


def test_a_world_that_draws_before_it_takes_the_seed_begins_as_the_seed_says() -> None:
    late = gym_world(id="tests.environments.gym.worlds:Late-v0")
    first, other, again = (
        Stub(late.start(late.tasks("train")[0], seed)).watch() for seed in (1, 2, 1)
    )

    assert late.traits.is_deterministic
    assert first == again != other


def test_a_world_whose_seed_decides_nothing_is_not_called_deterministic() -> None:
    whimsical = gym_world(id="tests.environments.gym.worlds:Whimsical-v0")

    assert not whimsical.traits.is_deterministic


def test_max_steps_cut_an_episode(cartpole: Environment) -> None:
    environment = gym_world(id="CartPole-v1", max_steps=5, solved_return=5)
    outcome = play(environment, "cartpole", 1)

    assert (outcome.success, outcome.metrics["length"]) == (1, 5)


def test_a_closed_world_is_made_again() -> None:
    environment = gym_world(id="CartPole-v1")
    first = play(environment, "cartpole", 1)
    environment.close()

    assert play(environment, "cartpole", 1) == first
    environment.close()


def test_the_fingerprint_names_what_the_outcome_depends_on() -> None:
    fingerprint = gym_world(id="InvertedPendulum-v5").fingerprint()

    assert {"gymnasium", "mujoco", "numpy", "folder"} <= set(fingerprint)
    assert fingerprint["gymnasium"] == gymnasium.__version__
