"""Questions that several people asked, dealt to splits by who asked: a leak, planted to be found.

Nothing can be learnt here, since the answers are drawn by chance; they can only be remembered. So
whatever a remembering agent gains on validation and test is the leak and nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SPLITS, SplitName, Task

__all__ = ["ENVIRONMENT", "LeakTrapEnvironment", "QuestionEpisode"]

_QUESTIONS: Mapping[SplitName, int] = {"train": 30, "validation": 60, "test": 60}
_ASKED_BY_ONE = 3
"""Questions that a person asked; they form a group."""

_SYLLABLES = ("ba", "do", "fe", "gu", "ki", "lo", "mar", "nen", "pol", "ris", "su", "tav")


class QuestionEpisode(Episode):
    """One question with a digit for an answer."""

    def __init__(self, task: Task) -> None:
        number = task.inputs["number"]
        assert isinstance(number, int)
        self.goal = Goal(instruction=str(task.inputs["question"]))
        self._digit = random.Random(f"digit {number}").randrange(10)

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the digit."""
        return Outcome(success=float(answer == self._digit), feedback=f"it was {self._digit}")


class LeakTrapEnvironment(Environment):
    """A fixed data set of questions in groups; no person is in two splits, some questions are."""

    traits = Traits(is_seeded=False, is_deterministic=True)

    def __init__(self, leaked: int = 30) -> None:
        """Makes the world.

        Args:
            leaked: Questions of validation, and of the test, that stand in train as well, written
                with less care; at most 30. With 0 the splits are in order.
        """
        self._leaked = leaked

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the questions of a split."""
        return [self._task(split, place) for place in range(_QUESTIONS[split])]

    def start(self, task: Task, seed: int) -> QuestionEpisode:
        """Asks a question; there is nothing random in it."""
        return QuestionEpisode(task)

    def _task(self, split: SplitName, place: int) -> Task:
        is_leaked = split != "train" and place < self._leaked
        # The same question as the one at this place of train, and so the same answer.
        number = place if is_leaked else 100 * SPLITS.index(split) + place
        question = _question(number)
        return Task(
            id=f"{split}-{place}",
            group=f"{split}-{place // _ASKED_BY_ONE}",
            inputs={
                "number": number,
                "question": question.lower().rstrip("?") if is_leaked else question,
            },
        )


def _question(number: int) -> str:
    draw = random.Random(f"question {number}")
    words = ["".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3)))) for _ in range(9)]
    return f"Which digit did {words[0].title()} of {words[1].title()} {' '.join(words[2:])}?"


ENVIRONMENT = LeakTrapEnvironment
