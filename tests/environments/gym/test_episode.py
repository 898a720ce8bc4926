"""What an agent may ask of a world, and what it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.errors import ToolError
from agentlab.trials.worker import TrialWorker
from tests.environments.gym.conftest import Stub, gym_world
from tests.environments.gym.worlds import REACH


def started(environment: Environment, seed: int = 1) -> Any:
    return environment.start(environment.tasks("train")[0], seed)


@pytest.fixture(scope="module")
def goals() -> Iterator[Environment]:
    environment = gym_world(id=REACH)
    yield environment
    environment.close()


def test_a_step_answers_observation_reward_and_how_it_ended(goals: Environment) -> None:
    seen, reward, terminated, truncated = Stub(started(goals)).step([0, 0, 1])

    assert [type(number) for number in seen] == [float, float, float, float, int]
    assert (reward, terminated, truncated) == (-1.0, False, False)


def test_only_what_is_watched_is_seen(goals: Environment) -> None:
    tools = Stub(started(goals))
    everything = tools.watch()

    assert tools.watch([2, 3]) == everything[2:4]
    assert len(tools.step([0, 0, 1])[0]) == 2
    assert tools.watch([3], 1) == [round(everything[3], 1)]
    assert len(tools.watch()) == 5
    with pytest.raises(ToolError, match="no number 5 in the observation; it has 5"):
        tools.watch([0, 5])


def test_an_action_that_is_refused_is_no_step(goals: Environment) -> None:
    episode = started(goals)
    with pytest.raises(ToolError, match="the most is 1"):
        Stub(episode).step([5, 0, 1])
    assert episode.judge(None).metrics["length"] == 20


def test_nothing_can_be_done_after_the_end(cartpole: Environment) -> None:
    tools = Stub(started(cartpole))
    while not tools.step(0)[2]:
        pass
    with pytest.raises(ToolError, match="episode_over"):
        tools.step(0)


def test_a_simulation_that_explodes_ends_the_episode_and_solves_nothing() -> None:
    environment = gym_world(id="tests.environments.gym.worlds:Exploding-v0")
    episode = started(environment)
    tools = Stub(episode)
    tools.step(0)
    with pytest.raises(ToolError, match="unstable"):
        tools.step(1)
    outcome = episode.judge(None)

    assert (outcome.success, outcome.progress) == (0, 0)
    assert "unstable" in outcome.feedback
    assert started(environment).judge(None).success == 1, "the next one is as ever"


LAZY = """
def solve(goal, tools):
    tools.watch({watched})
    is_over = False
    while not is_over:
        _, _, terminated, truncated = tools.step([0, 0, 1])
        is_over = terminated or truncated
"""


def record_of(source: str, folder: Path) -> TrialRecord:
    bench = Bench(
        environment=EnvironmentSpec(reference="environments/gym", options={"id": REACH}),
        target=TargetSpec(),
        limits=Limits(),
        sandbox="plain",
    )
    worker = TrialWorker(bench, artefacts=folder)
    candidate = Candidate(files={"agent.py": source.encode()})
    task = gym_world(id=REACH).tasks("train")[0]
    pair = Pair(task=task, seed=3, split="train", cluster="a")
    trial = Trial(bench=bench.digest, candidate=candidate.digest, pair=pair)
    try:
        return worker.run(trial, candidate).record
    finally:
        worker.close()


def test_over_the_wire_what_is_not_asked_for_is_not_charged(tmp_path: Path) -> None:
    everything, little = (record_of(LAZY.format(watched=w), tmp_path) for w in ("", "[4], 0"))

    assert (everything.fate, little.fate) == (Fate.FAILED, Fate.FAILED)
    assert everything.outcome == little.outcome
    assert everything.usage.steps == little.usage.steps == 20
    assert little.usage.context_tokens < everything.usage.context_tokens / 2
