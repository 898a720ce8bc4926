"""The trusted side of a trial where it is the environment that fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment, Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.core.trial import TrialRecord
from agentlab.errors import InfraError, Violation
from agentlab.trials.worker import TrialWorker
from tests.trials.bench import bench, body, trial


class BrokenEpisode(Episode):
    """Fails where it is told to."""

    def __init__(self, where: str) -> None:
        self.goal = Goal(instruction="")
        self._where = where

    @tool
    def work(self) -> int:
        """Works, or not."""
        if self._where == "tool":
            raise KeyError("tool")
        if self._where == "infra":
            raise InfraError("the browser died")
        if self._where == "violation":
            raise Violation("that is not allowed")
        return 1

    def judge(self, answer: JsonValue) -> Outcome:
        if self._where == "verdict":
            return 0.3  # type: ignore[return-value]
        if self._where == "judge":
            raise ZeroDivisionError("judge")
        return Outcome(success=1.0)


class BrokenEnvironment(Environment):
    """Makes broken episodes."""

    def __init__(self, where: str) -> None:
        self._where = where

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id="t")]

    def start(self, task: Task, seed: int) -> BrokenEpisode:
        if self._where == "start":
            raise RuntimeError("start")
        return BrokenEpisode(self._where)


WORKING = body("return tools.work()")


def run(where: str, artefacts: Path, candidate: Candidate = WORKING) -> TrialRecord:
    worker = TrialWorker(bench(), artefacts=artefacts, environment=BrokenEnvironment(where))
    try:
        return worker.run(trial(candidate), candidate).record
    finally:
        worker.close()


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("start", "the environment raised RuntimeError: start"),
        ("tool", "a tool raised KeyError"),
        ("infra", "the browser died"),
        ("judge", "the judge raised ZeroDivisionError"),
        ("verdict", "the judge returned float; it must be an agentlab.Outcome"),
    ],
)
def test_our_own_failure_is_never_the_candidates(tmp_path: Path, where: str, reason: str) -> None:
    record = run(where, tmp_path)
    assert record.fate is Fate.INFRA
    assert reason in record.reason
    if where not in ("infra", "verdict"):
        assert "test_worker.py:" in record.reason


def test_a_violation_is_the_candidates(tmp_path: Path) -> None:
    record = run("violation", tmp_path)
    assert (record.fate, record.reason) == (Fate.VIOLATION, "that is not allowed")


def test_nothing_broken_is_solved(tmp_path: Path) -> None:
    assert run("nowhere", tmp_path).fate is Fate.SOLVED
