"""A search whose ranking and whose prompt are worth something only together.

A visitor wants one of six documents. A model adds words to the query as a prompt tells it to, and
each document is matched with the words asked for and with the words added; the target weighs the
two. What the prompt that it comes with adds is noise, so that a ranking tuned to it trusts the
words asked for. A prompt that adds the right words costs some of those asked for: it is much better
under the ranking as it came, worse under the tuned one, and best with a ranking of its own.

The model is a rule and the matches are drawn, so that the truth is known: the distance between the
document wanted and the others, in standard deviations, is

    (asked * a + added * b) / sqrt(asked ** 2 + (added * noise) ** 2)

for the weights `asked` and `added`, where `a`, `b` and `noise` are what the prompt makes of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import JsonValue

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool

__all__ = ["ENVIRONMENT", "Expansion", "SearchEpisode", "TunedSearch", "expansion_of"]

_DOCUMENTS = 6
_TASKS = 20
"""Visitors in each split."""


class Expansion(NamedTuple):
    """What the model makes of a query."""

    asked: float
    """By how much the document wanted matches the words asked for better than others do."""

    added: float
    """The same for the words added."""

    noise: float
    """Spread of the match with the words added; with those asked for it is 1."""


_NOTHING = Expansion(asked=1.5, added=0.0, noise=0.0)
_LOOSE = Expansion(asked=1.5, added=0.0, noise=1.5)
_LOOSER = Expansion(asked=1.5, added=0.0, noise=2.5)
_PRECISE = Expansion(asked=0.5, added=2.0, noise=1.0)


def expansion_of(instructions: str) -> Expansion:
    """Returns what the model makes of a query when it is told so."""
    told = instructions.lower().strip()
    if not told:
        return _NOTHING
    if "catalogue" in told:
        return _PRECISE
    return _LOOSER if "as many" in told else _LOOSE


class SearchEpisode(Episode):
    """One visitor; whatever the prompt, the same seed draws the same numbers."""

    def __init__(self, task: Task, seed: int) -> None:
        draw = random.Random(f"{task.id}/{seed}")
        self.goal = Goal(instruction="answer the place of the document that is wanted")
        self._wanted = draw.randrange(_DOCUMENTS)
        self._drawn = [(draw.gauss(), draw.gauss()) for _ in range(_DOCUMENTS)]

    @tool
    def search(self, instructions: str) -> list[list[float]]:
        """Expands the query as instructed; returns how well each document matches.

        A document's two numbers are its match with the words asked for and with the words added.
        """
        expansion = expansion_of(instructions)
        return [
            [
                asked + expansion.asked * (place == self._wanted),
                expansion.noise * added + expansion.added * (place == self._wanted),
            ]
            for place, (asked, added) in enumerate(self._drawn)
        ]

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the place of the document wanted, from 0."""
        return Outcome(success=float(answer == self._wanted))


class TunedSearch(Environment):
    """Visitors; those of the test are nobody's that the search has seen."""

    traits = Traits(is_deterministic=True)

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the visitors of a split."""
        group = "later" if split == "test" else "early"
        return [Task(id=f"{group}-{number}", group=group) for number in range(_TASKS)]

    def start(self, task: Task, seed: int) -> SearchEpisode:
        """Lets a visitor ask."""
        return SearchEpisode(task, seed)


ENVIRONMENT = TunedSearch
