"""Fetch, in a virtual environment that has it: shipped policies, and that every idea still fits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentlab.core.environment import Environment
from agentlab.errors import InputError
from agentlab.experiment.build import find_ideas, read_target
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from tests.environments.gym.conftest import gym_world, play


def world(name: str) -> Environment:
    try:
        return gym_world(id=f"gymnasium_robotics:{name}")
    except InputError as error:
        pytest.skip(f"needs a virtual environment with the extra fetch (docs/gym.md): {error}")


@pytest.fixture(scope="module")
def pick_and_place() -> Iterator[Environment]:
    environment = world("FetchPickAndPlace-v4")
    yield environment
    environment.close()


def test_steps_lost_are_minus_the_return_and_the_same_each_time(
    pick_and_place: Environment,
) -> None:
    first, again = (play(pick_and_place, "fetch", 7) for _ in range(2))

    assert first == again
    assert first.metrics["steps_lost"] == -first.metrics["return"]


def test_the_policy_by_hand_loses_far_fewer_steps_than_the_first_hours(
    pick_and_place: Environment,
) -> None:
    naive, swift = (
        [play(pick_and_place, target, seed) for seed in range(8)]
        for target in ("fetch", "fetch_by_hand")
    )

    assert all(outcome.success for outcome in swift)
    lost = [sum(outcome.metrics["steps_lost"] for outcome in each) for each in (naive, swift)]
    assert lost[1] < lost[0] / 2


def test_the_box_is_pushed_to_the_goal() -> None:
    environment = world("FetchPush-v4")
    solved = [play(environment, "fetch_push", seed).success for seed in range(8)]
    environment.close()

    assert sum(solved) >= 7


def test_every_idea_fits_the_target() -> None:
    target = read_target("environments/gym/targets/fetch")
    bank = read_bank(find_ideas("experiments/ideas/fetch"))

    assert len(bank) == 15
    for idea in bank:
        files = apply_idea(idea, target)
        assert files is not None, idea.name
        compile(files["agent.py"], idea.name, "exec")


def test_policies_can_be_read() -> None:
    for name in ("fetch_by_hand", "fetch_push"):
        source = read_target(f"environments/gym/targets/{name}")["agent.py"]
        assert len(source.splitlines()) < 60, name
