"""The planted leak: refused as it stands, and worth half of the test to whoever remembers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.progress import Silent
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.experiment.build import read_target
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.session import run_experiment
from agentlab.experiment.splits import leaks_of
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import build_environment, find_folder
from agentlab.testing.environment_suite import EnvironmentSuite


def world(leaked: int = 30) -> Any:
    spec = EnvironmentSpec(reference="environments/leak_trap", options={"leaked": leaked})
    return build_environment(spec)


class TestLeakTrap(EnvironmentSuite):
    def make_environment(self) -> Environment:
        environment: Environment = world()
        return environment

    def oracle(self, episode: Any) -> JsonValue:
        digit: int = episode._digit
        return digit


@pytest.fixture
def remembering() -> dict[str, Any]:
    """Returns the namespace of the target with the shipped idea applied."""
    (idea,) = read_bank(find_folder("experiments/ideas/leak_trap"))
    target = Candidate(files=dict(read_target("environments/leak_trap/target")))
    files = apply_idea(idea, target.files)
    assert files is not None
    agent: dict[str, Any] = {}
    exec(files["agent.py"], agent)
    return agent


def success(agent: dict[str, Any], leaked: int, split: SplitName) -> float:
    """Returns how often an agent is right."""
    environment = world(leaked)
    found: list[float] = [
        episode.judge(agent["solve"](episode.goal, None)).success
        for episode in (environment.start(task, 0) for task in environment.tasks(split))
    ]
    return sum(found) / len(found)


def test_a_run_on_it_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    experiment = load_experiment(find_experiment("traps/leak"))
    with pytest.raises(InputError, match="90 pairs of tasks in different splits") as caught:
        run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())

    (problem,) = caught.value.problems
    assert "'test-0' (test)" in problem
    assert "'train-0' (train)" in problem
    assert "and 85 more such pairs" in problem
    assert "accept: [leaks]" in problem
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("leaked", [0, 1, 5])
def test_one_leak_among_all_tasks_is_found_and_none_where_there_is_none(leaked: int) -> None:
    environment = world(leaked)
    leaks = leaks_of(environment, {split: environment.tasks(split) for split in SPLITS})

    # Train and validation, train and test, validation and test.
    assert len(leaks) == 3 * leaked


def test_what_the_idea_gains_is_the_leak_and_nothing_else(remembering: dict[str, Any]) -> None:
    assert success(remembering, 30, "train") == success(remembering, 0, "train") == 1
    for split in ("validation", "test"):
        assert success(remembering, 30, split) > 0.5
        assert success(remembering, 0, split) == success({**remembering, "KNOWN": {}}, 0, split)
