from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.environment import Environment, Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.core.value import JsonValue


class Guess(Episode):
    def __init__(self, secret: int) -> None:
        self.goal = Goal(instruction="guess")
        self._secret = secret

    @tool
    def compare(self, guess: int) -> int:
        """Returns -1, 0 or 1."""
        return (guess > self._secret) - (guess < self._secret)

    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=float(answer == self._secret))


class Guessing(Environment):
    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id="guess")]

    def start(self, task: Task, seed: int) -> Guess:
        return Guess(seed)


def test_tasks_and_start_are_all_that_must_be_written() -> None:
    environment: Environment = Guessing()

    assert environment.preparation(0) is None
    assert list(environment.blobs()) == []
    assert environment.fingerprint() == {}
    environment.close()


def test_an_episodes_tools_are_its_marked_methods() -> None:
    episode: Episode = Guessing().start(Task(id="guess"), 7)

    assert list(episode.tools) == ["compare"]
    assert episode.tools["compare"].call({"guess": 9}).value == 1
    assert episode.judge(7).success == 1
    assert episode.evidence() == {}
    episode.close()


def test_an_episode_is_known_by_what_it_has() -> None:
    assert isinstance(Guess(1), Episode)
    assert not isinstance(object(), Episode)
