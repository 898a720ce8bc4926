"""The suite itself: each promise that a world breaks is told by the test of that name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Metric, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import ItemOutcome, Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.core.value import JsonValue
from agentlab.testing.environment_suite import EnvironmentSuite


class GoodEpisode(Episode):
    goal = Goal(instruction="answer with the word", inputs={"nothing": {"here": 1}})

    @tool
    def hint(self, letters: int) -> str:
        """Returns the first letters of the word."""
        return "word"[:letters]

    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=float(answer == "word"), metrics={"length": 4.0})


class GoodWorld(Environment):
    traits = Traits(metrics=(Metric(name="length", direction="lower"),), is_deterministic=True)
    episode: type[Episode] = GoodEpisode

    def tasks(self, split: SplitName) -> Sequence[Task]:
        group = "a" if split == "test" else "b"
        return [Task(id=f"{group}-{number}", group=group) for number in range(2)]

    def start(self, task: Task, seed: int) -> Episode:
        return self.episode()


class TestGoodWorld(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return GoodWorld()

    def oracle(self, episode: Episode) -> JsonValue:
        return "word"


class FragileEpisode(GoodEpisode):
    def judge(self, answer: Any) -> Outcome:
        return super().judge(answer["word"])


class UndescribedEpisode(GoodEpisode):
    @tool
    def shout(self, word: str) -> str:
        return word.upper()


class UntypedEpisode(GoodEpisode):
    @tool
    def shout(self, word: Any) -> str:
        """Shouts."""
        return str(word).upper()


class GenerousEpisode(GoodEpisode):
    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=1.0, metrics={"length": 4.0})


class MeanEpisode(GoodEpisode):
    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=0.0, metrics={"length": 4.0})


class ForgetfulEpisode(GoodEpisode):
    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=float(answer == "word"))


class ShiftyEpisode(GoodEpisode):
    def judge(self, answer: JsonValue) -> Outcome:
        items = (ItemOutcome(id=repr(answer), cluster="c", success=0.0),)
        return Outcome(success=float(answer == "word"), metrics={"length": 4.0}, items=items)


class MoodyEpisode(GoodEpisode):
    started = 0

    def __init__(self) -> None:
        MoodyEpisode.started += 1
        self.goal = Goal(instruction=f"answer for the {MoodyEpisode.started}th time")


class OpenWorld(GoodWorld):
    """The test's groups are the others' too."""

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id="only", group="a")]


class TwiceWorld(GoodWorld):
    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [*super().tasks(split)] * 2


class UnreadyWorld(GoodWorld):
    traits = Traits(needs_preparation=True)


class KnowingWorld(GoodWorld):
    """Offers an oracle that is one."""

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"oracle": {"agent.py": b"def solve(goal, tools):\n    return tools.hint(4)\n"}}


class TestKnowingWorld(TestGoodWorld):
    def make_environment(self) -> Environment:
        return KnowingWorld()


class LyingWorld(GoodWorld):
    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"oracle": {"agent.py": b"def solve(goal, tools):\n    return 'sword'\n"}}


class EagerWorld(GoodWorld):
    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"null": {"agent.py": b"def solve(goal, tools):\n    return 'word'\n"}}


class UnwordedWorld(GoodWorld):
    def fingerprint(self) -> Mapping[str, str]:
        return {"version": 3}  # type: ignore[dict-item]


def world_of(broken: type[Episode]) -> GoodWorld:
    world = GoodWorld()
    world.episode = broken
    return world


@pytest.mark.parametrize(
    ("world", "test"),
    [
        (world_of(FragileEpisode), "test_the_judge_takes_any_answer"),
        (world_of(UndescribedEpisode), "test_tools_are_described_and_typed"),
        (world_of(UntypedEpisode), "test_tools_are_described_and_typed"),
        (world_of(GenerousEpisode), "test_doing_nothing_does_not_solve"),
        (world_of(MeanEpisode), "test_the_oracle_solves"),
        (
            world_of(ForgetfulEpisode),
            "test_an_outcome_tells_the_declared_metrics_and_always_the_same_items",
        ),
        (
            world_of(ShiftyEpisode),
            "test_an_outcome_tells_the_declared_metrics_and_always_the_same_items",
        ),
        (world_of(MoodyEpisode), "test_one_seed_gives_one_instance"),
        (OpenWorld(), "test_the_test_split_holds_groups_that_no_other_has"),
        (UnreadyWorld(), "test_a_preparation_is_there_where_the_traits_promise_one"),
        (LyingWorld(), "test_a_yardstick_is_what_it_is_called"),
        (EagerWorld(), "test_a_yardstick_is_what_it_is_called"),
        (UnwordedWorld(), "test_the_fingerprint_is_words_and_stays"),
    ],
    ids=lambda value: getattr(value, "episode", type(value)).__name__,
)
def test_a_broken_promise_fails_its_test(world: GoodWorld, test: str) -> None:
    with pytest.raises((AssertionError, TypeError, KeyError)):
        getattr(TestGoodWorld(), test)(world)


def test_a_task_that_is_there_twice_is_told() -> None:
    with pytest.raises(AssertionError, match="not unique"):
        TestGoodWorld().test_every_split_has_tasks_in_a_fixed_order(TwiceWorld(), "train")


def test_a_suite_without_an_environment_says_what_to_override() -> None:
    with pytest.raises(NotImplementedError, match="make_environment"):
        EnvironmentSuite().make_environment()
