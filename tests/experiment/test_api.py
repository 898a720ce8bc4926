"""optimize(): an experiment without a file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

import agentlab
from agentlab import (
    Budget,
    Environment,
    Episode,
    Goal,
    InputError,
    Outcome,
    RoundConfig,
    Task,
    tool,
)
from agentlab.core.task import SplitName

pytestmark = pytest.mark.usefixtures("called")


class NearEpisode(Episode):
    """Answer near a hidden number; a hint tells it."""

    def __init__(self, seed: int) -> None:
        self.goal = Goal(instruction="answer the hint")
        self._hidden = random.Random(seed).random()

    @tool
    def hint(self) -> float:
        """Returns the number."""
        return self._hidden

    def judge(self, answer: JsonValue) -> Outcome:
        is_near = isinstance(answer, int | float) and abs(answer - self._hidden) < 0.1
        return Outcome(success=float(is_near))


class NearEnvironment(Environment):
    """Twelve tasks per split."""

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id=f"{split}-{number}", group=split) for number in range(12)]

    def start(self, task: Task, seed: int) -> NearEpisode:
        return NearEpisode(seed)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    (folder / "agent.py").write_text("def solve(goal, tools):\n    return tools.hint() * 0.8\n")
    return folder


def test_a_live_environment_is_optimised_in_this_process(target: Path, tmp_path: Path) -> None:
    result = agentlab.optimize(
        NearEnvironment(), target, budget=Budget(candidates=12), runs=tmp_path / "runs"
    )
    assert result.status == "completed"
    assert result.candidates.kept >= 1
    assert result.difference.test["success"].low > 0
    assert (target / "agent.py").read_text().endswith("* 0.8\n")


class Interrupting(NearEnvironment):
    """Is interrupted, as by Ctrl-C, at its 100th episode."""

    def __init__(self) -> None:
        self._started = 0

    def start(self, task: Task, seed: int) -> NearEpisode:
        self._started += 1
        if self._started == 100:
            raise KeyboardInterrupt
        return super().start(task, seed)


def test_a_run_with_a_live_environment_is_gone_on_with(target: Path, tmp_path: Path) -> None:
    budget = Budget(candidates=6)
    whole = agentlab.optimize(NearEnvironment(), target, budget=budget, runs=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt) as caught:
        agentlab.optimize(Interrupting(), target, budget=budget, runs=tmp_path / "runs")
    (run,) = (tmp_path / "runs").iterdir()
    assert f"agentlab.resume('{run}', environment=...)" in caught.value.__notes__[0]
    resumed = agentlab.resume(run, environment=NearEnvironment())
    assert resumed.difference == whole.difference
    assert [d.candidate for d in resumed.kept] == [d.candidate for d in whole.kept]


def test_a_live_environment_cannot_run_on_ray(target: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"package\.module:Class"):
        agentlab.optimize(NearEnvironment(), target, executor="ray", runs=tmp_path / "runs")


def test_a_target_that_is_not_there_is_an_error_and_leaves_no_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        agentlab.optimize(NearEnvironment(), tmp_path / "nowhere", runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_rounds_open_parts_of_the_target_one_after_another(target: Path, tmp_path: Path) -> None:
    (target / "factor.py").write_text("FACTOR = 0.8\n")
    source = "from factor import FACTOR\n\n\ndef solve(goal, tools):\n"
    (target / "agent.py").write_text(source + "    return tools.hint() * FACTOR\n")
    result = agentlab.optimize(
        NearEnvironment(),
        target,
        budget=Budget(candidates=4),
        components={"factor": ["factor.py"]},
        rounds=[RoundConfig(open=("factor",)), RoundConfig(open=("rest",))],
        runs=tmp_path / "runs",
    )
    assert [one.open for one in result.rounds] == [("factor",), ("rest",)]


def test_what_cannot_be_is_one_error_with_every_problem(target: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        agentlab.optimize(
            NearEnvironment(),
            target,
            name="a name",
            components={"ranking": ["agent.py"]},
            rounds=[RoundConfig(open=("rankng",))],
            budget=Budget(),
            runs=tmp_path / "runs",
        )
    name, budget, rounds = caught.value.problems
    assert name.startswith("agentlab.optimize: name: must be letters")
    assert budget.startswith("agentlab.optimize: budget: needs at least one of candidates")
    assert "no component 'rankng' in target.components; did you mean 'ranking'?" in rounds
    assert not (tmp_path / "runs").exists()
