"""The planted leak: refused as it stands, and worth half the test to whoever remembers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import agentlab.testing
from agentlab.core.environment import Environment, Episode
from agentlab.core.progress import Silent
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import run_experiment
from agentlab.experiment.splits import leaks_of
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.leaky import LeakyEnvironment, LeakyEpisode

TARGET = Path(agentlab.testing.__file__).parent / "environments/targets/leaky"


class TestLeaky(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return LeakyEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, LeakyEpisode)
        return episode._digit


def experiment(leaked: int) -> Experiment:
    return Experiment.model_validate(
        {
            "name": "leaky",
            "environment": {
                "reference": "agentlab.testing.environments.leaky:LeakyEnvironment",
                "options": {"leaked": leaked},
            },
            "target": str(TARGET),
            "meta": ["mutation"],
            "budget": {"candidates": 1},
            "executor": {"kind": "inline"},
            "sandbox": "plain",
        }
    )


def success(leaked: int, split: SplitName) -> float:
    """Returns how often an agent is right that knows the answers of train by heart."""
    environment = LeakyEnvironment(leaked)
    agent: dict[str, Any] = {}
    exec((TARGET / "agent.py").read_text(), agent)
    for task in environment.tasks("train"):
        episode = environment.start(task, 0)
        agent["KNOWN"][episode.goal.instruction.lower().rstrip("?")] = episode._digit
    found = [
        episode.judge(agent["solve"](episode.goal, None)).success
        for episode in (environment.start(task, 0) for task in environment.tasks(split))
    ]
    return sum(found) / len(found)


def test_a_run_on_it_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="30 pairs of tasks in different splits") as caught:
        run_experiment(experiment(30), runs=tmp_path / "runs", observer=Silent())

    (problem,) = caught.value.problems
    assert "'test-0' (test)" in problem
    assert "'train-0' (train)" in problem
    assert "and 25 more such pairs" in problem
    assert "accept: [leaks]" in problem
    assert not (tmp_path / "runs").exists()


def test_one_leak_among_all_tasks_is_found_and_none_where_there_is_none() -> None:
    for leaked in (0, 1, 5):
        environment = LeakyEnvironment(leaked)
        tasks = {split: environment.tasks(split) for split in SPLITS}
        assert len(leaks_of(environment, tasks)) == leaked


def test_what_higher_train_scores_buy_is_the_leak_and_nothing_else() -> None:
    assert success(30, "train") == success(0, "train") == 1
    assert success(30, "validation") < 0.3
    assert success(30, "test") > 0.5
    assert success(0, "test") < 0.3
