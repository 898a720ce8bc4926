"""Worlds that hand out tasks and then fail, or are not what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from agentlab.core.candidate import Files
from agentlab.core.environment import Episode, Traits, Yardstick
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.value import JsonValue
from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode

__all__ = [
    "BrokenWorld",
    "FewWorld",
    "FlakyWorld",
    "GenerousWorld",
    "LyingWorld",
    "UnpreparedWorld",
    "UnreadableWorld",
    "VersionedWorld",
]


class BrokenWorld(NoisyEnvironment):
    """Raises at each start."""

    def start(self, task: Task, seed: int) -> Episode:  # type: ignore[override]
        raise RuntimeError("the world is closed")


class UnpreparedWorld(NoisyEnvironment):
    """Raises at each preparation; its tasks would run."""

    traits = Traits(needs_preparation=True)

    def preparation(self, seed: int) -> Episode | None:
        raise RuntimeError("no room for an index")


class VersionedWorld(NoisyEnvironment):
    """Has the version that a file says."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self._version = Path(version)

    def fingerprint(self) -> Mapping[str, str]:
        return {"simulator": self._version.read_text()}


class _Judged(NoisyEpisode):
    """Judges without looking."""

    def __init__(self, task: Task, seed: int, success: float) -> None:
        super().__init__(task, seed)
        self._success = success

    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=self._success)


class FlakyWorld(NoisyEnvironment):
    """Says that it is deterministic, and solves itself from the second time on."""

    def __init__(self) -> None:
        super().__init__()
        self._started: set[tuple[str, int]] = set()

    def start(self, task: Task, seed: int) -> NoisyEpisode:
        is_known = (task.id, seed) in self._started
        self._started.add((task.id, seed))
        return _Judged(task, seed, float(is_known))

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {}


class GenerousWorld(NoisyEnvironment):
    """Calls whatever is done solved."""

    def start(self, task: Task, seed: int) -> NoisyEpisode:
        return _Judged(task, seed, 1.0)


class LyingWorld(NoisyEnvironment):
    """Offers an oracle that knows nothing."""

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"oracle": {"agent.py": b"def solve(goal, tools):\n    return None\n"}}


class UnreadableWorld(NoisyEnvironment):
    """Offers an oracle that is no program."""

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"oracle": {"agent.py": b"def solve(goal, tools:\n"}}


class FewWorld(NoisyEnvironment):
    """Has one validation task."""

    def tasks(self, split: SplitName) -> Sequence[Task]:
        tasks = super().tasks(split)
        return tasks[:1] if split == "validation" else tasks
