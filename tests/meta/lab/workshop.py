"""A workshop made of plain values: what is tried in it is said beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.meta_agent import Probed
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TraceFrame, TrialRecord
from tests.meta.plain_lab import PlainLab

__all__ = ["PlainWorkshop", "frames_of", "record"]

Result = TypeVar("Result")


def record(
    candidate: Candidate, task: str, success: float, *, seed: int = 1, fate: Fate | None = None
) -> TrialRecord:
    """Returns a train trial."""
    fate = fate or (Fate.SOLVED if success >= 1 else Fate.FAILED)
    return TrialRecord(
        key=f"{candidate.digest[:8]}-{task}-{seed}",
        bench="",
        candidate=candidate.digest,
        task=task,
        split="train",
        seed=seed,
        fate=fate,
        outcome=Outcome(success=success) if fate.is_judged else None,
    )


def frames_of(*steps: tuple[str, str]) -> list[TraceFrame]:
    """Returns an episode of calls with their results."""
    frames = []
    for number, (tool, value) in enumerate(steps):
        call: dict[str, JsonValue] = {"call": number, "tool": tool, "args": {}}
        frames.append(TraceFrame(at_s=0.1 * number, sender="candidate", frame=call))
        answer: dict[str, JsonValue] = {"result": number, "value": value}
        frames.append(TraceFrame(at_s=0.1 * number, sender="environment", frame=answer))
    return frames


@dataclass
class PlainWorkshop(PlainLab):
    """A plain lab in which trials give what a function says."""

    success: Callable[[Candidate, str], float] = lambda candidate, task: 0.0
    tasks: tuple[str, ...] = ("a", "b")
    left: Mapping[str, float] = field(default_factory=lambda: {"trials": 100.0})
    attempts: list[Attempt] = field(default_factory=list)
    traces: dict[str, list[TraceFrame]] = field(default_factory=dict)
    answer: Probed = field(default_factory=lambda: Probed("probe", {"n": 1}, ""))
    tried: list[TrialRecord] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)

    @property
    def history(self) -> Sequence[Decision]:
        return self.decisions

    @property
    def train_tasks(self) -> Sequence[str]:
        return self.tasks

    @property
    def budget_left(self) -> Mapping[str, float]:
        return self.left

    def try_on_train(
        self, candidate: Candidate, *, tasks: Sequence[str], blocks: int
    ) -> Sequence[TrialRecord]:
        found = [
            record(candidate, task, self.success(candidate, task), seed=seed)
            for seed in range(blocks)
            for task in tasks
        ]
        self.tried += found
        return found

    def trials(self, keys: Sequence[str]) -> Sequence[TrialRecord]:
        known = {one.key: one for one in self.tried}
        return [known[key] for key in keys]

    def trace(self, key: str) -> Sequence[TraceFrame]:
        return self.traces.get(key, [])

    def probe(self, script: str, keys: Sequence[str]) -> Probed:
        self.scripts.append(script)
        return self.answer

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        return [job() for job in jobs]

    def add_attempt(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
