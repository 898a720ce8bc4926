"""A script that somebody wrote to look at data, run in the sandbox: it answers, no score."""

from __future__ import annotations

import json
from collections.abc import Sequence

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.goal import Goal
from agentlab.core.limits import Limits
from agentlab.core.meta_agent import Probed
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue, digest
from agentlab.trials.inline import InlineExecutor

__all__ = ["Diagnosis"]

_CALLS_IT = b"""import probe


def solve(goal, tools):
    return probe.probe(goal.inputs["episodes"])
"""
_TASK = Task(id="probe")


class Diagnosis:
    """Runs scripts, one at a time, all from the thread that made it; opened by the first."""

    def __init__(self, bench: Bench) -> None:
        """Makes it.

        Args:
            bench: Of the run, whose sandbox it takes.
        """
        self._desk = _Desk()
        limits = Limits(wall_s=10, cpu_s=10, mem_mb=512, output_kb=64)
        self._bench = Bench(
            environment=EnvironmentSpec(reference="agentlab.trials.diagnosis:Diagnosis"),
            target=TargetSpec(),
            limits=limits,
            sandbox=bench.sandbox,
        )
        self._executor = InlineExecutor(self._bench, environment=self._desk)

    def run(self, script: str, episodes: JsonValue) -> Probed:
        """Returns what `probe(episodes)` of a script answers, or why it does not."""
        # Escaped, since a model may write what is no text.
        key = digest(json.dumps([script, episodes]).encode())
        self._desk.episodes = episodes
        files = {"agent.py": _CALLS_IT, "probe.py": script.encode(errors="backslashreplace")}
        candidate = Candidate(files=files, provenance="model")
        trial = Trial(
            bench=self._bench.digest,
            candidate=candidate.digest,
            pair=Pair(task=_TASK, seed=0, split="train", cluster="probe"),
        )
        self._executor.submit(trial, candidate)
        finished = self._executor.next_finished(0)
        assert finished is not None
        if finished.record.fate is not Fate.SOLVED:
            return Probed(key, None, f"{finished.record.fate.value}: {finished.record.reason}")
        return Probed(key, self._desk.reading.answer, "")

    def close(self) -> None:
        """Ends the sandbox."""
        self._executor.close()


class _Reading(Episode):
    """One script with what it is given; whatever it answers is taken."""

    def __init__(self, episodes: JsonValue) -> None:
        self.goal = Goal(instruction="look at the episodes", inputs={"episodes": episodes})
        self.answer: JsonValue = None

    def judge(self, answer: JsonValue) -> Outcome:
        """Keeps the answer; there is no better or worse."""
        self.answer = answer
        return Outcome(success=1.0)


class _Desk(Environment):
    """The world of a script."""

    episodes: JsonValue = None
    reading: _Reading

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the one task that there is."""
        return (_TASK,)

    def start(self, task: Task, seed: int) -> Episode:
        """Lays the episodes out."""
        self.reading = _Reading(self.episodes)
        return self.reading
