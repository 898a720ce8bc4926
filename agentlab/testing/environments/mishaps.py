"""A world in which our own side fails where the task says so, and episodes can meet.

Executors are tried on it: what breaks here is never the candidate's fault, one case apart.
"""

from __future__ import annotations

import os
import random
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Metric, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.errors import InfraError, Violation

__all__ = ["MISHAPS", "Mishap", "MishapEpisode", "MishapsEnvironment", "mishap_task"]

Mishap = Literal[
    "start_infra",
    "start_bug",
    "tool_infra",
    "tool_bug",
    "tool_answers_nan",
    "judge_infra",
    "judge_bug",
    "evidence_bug",
    "close_bug",
    "tool_violation",
    "worker_dies",
]
"""Where it happens, and what: `infra` says that it is ours, a `bug` says nothing, `violation` that
the candidate did what it may not; `worker_dies` takes the process along."""

MISHAPS: tuple[Mishap, ...] = get_args(Mishap)


def mishap_task(mishap: Mishap) -> Task:
    """Returns the task on which this goes wrong; it is in no split."""
    return Task(id=mishap, group="mishaps")


class MishapEpisode(Episode):
    """Roll a number and answer it."""

    def __init__(self, task: Task, seed: int, meeting: Path | None) -> None:
        self.goal = Goal(instruction="answer what `roll` returns")
        self._mishap = task.id
        self._rolled = random.Random(f"{task.id}/{seed}").random()
        self._meeting = meeting
        self._met = 0
        self._fail_at("start")

    @tool
    def roll(self) -> float:
        """Returns a number in [0, 1), the same every time."""
        self._fail_at("tool")
        return float("nan") if self._mishap == "tool_answers_nan" else self._rolled

    @tool
    def meet(self, group: str, count: int, wait_s: float) -> int:
        """Waits until so many episodes have come to a group; returns how many have."""
        assert self._meeting is not None
        place = self._meeting / group
        place.mkdir(parents=True, exist_ok=True)
        (place / uuid.uuid4().hex).touch()
        deadline = time.monotonic() + wait_s
        while (met := len(list(place.iterdir()))) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        self._met = met
        return met

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the number."""
        self._fail_at("judge")
        return Outcome(success=float(answer == self._rolled), metrics={"met": float(self._met)})

    def evidence(self) -> Mapping[str, bytes]:
        """Returns a picture of nothing."""
        self._fail_at("evidence")
        return {"nothing.txt": b"nothing"}

    def close(self) -> None:
        """Holds nothing."""
        self._fail_at("close")

    def _fail_at(self, where: str) -> None:
        if self._mishap == f"{where}_infra":
            raise InfraError(f"{where} is out of order")
        if self._mishap == f"{where}_bug":
            raise ZeroDivisionError(f"a mistake in {where}")
        if self._mishap == f"{where}_violation":
            raise Violation("that may not be rolled")
        if self._mishap == "worker_dies" and where == "tool":
            os._exit(3)


class MishapsEnvironment(Environment):
    """Its splits are in order; what goes wrong are tasks of their own, see `mishap_task`."""

    traits = Traits(
        context_meter="read_tokens",
        metrics=(Metric(name="met", direction="higher", description="episodes met"),),
        is_deterministic=True,
    )

    def __init__(self, meeting: str | None = None) -> None:
        """Makes the world.

        Args:
            meeting: A folder in which episodes of all workers meet.
        """
        self._meeting = Path(meeting) if meeting is not None else None

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns two tasks on which nothing goes wrong."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(2)]

    def start(self, task: Task, seed: int) -> MishapEpisode:
        """Rolls a number."""
        return MishapEpisode(task, seed, self._meeting)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that answers what it rolled."""
        return {"oracle": {"agent.py": b"def solve(goal, tools):\n    return tools.roll()\n"}}
