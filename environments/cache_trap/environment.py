"""A search for outings whose cache forgets the prompt: an example with the fault planted.

A model reads from a visitor's words what the prompt asks for, and the search goes by that. What the
model read is kept. By `query`, as in many a search service: then a search goes by all that was ever
read in that query, whoever's prompt it was. By `content`: each prompt gets its own reading.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.core.value import JsonValue

__all__ = ["ENVIRONMENT", "CacheTrapEnvironment", "OutingEpisode"]

_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "open": {
        "place": ("coast", "hills", "lake", "forest"),
        "activity": ("climbing", "rowing", "painting", "cycling"),
        "season": ("spring", "summer", "autumn", "winter"),
    },
    "sealed": {
        "place": ("desert", "island", "valley", "city"),
        "activity": ("sailing", "skating", "pottery", "archery"),
        "season": ("January", "April", "July", "October"),
    },
}
"""What outings have, by group of tasks; the sealed ones are asked for in the test alone."""

_KINDS = (
    *[("place", "activity")] * 5,
    *[("place", "season")] * 2,
    *[("activity", "season")] * 3,
)
"""What a visitor cares about, task by task. Half ask for the usual two, in the usual few words."""

_USUAL = _KINDS[0]
_READ_AT_MOST = 2
"""Fields that the model reads from one query; it stands for a small one, told too much."""

_NAMES = ("Adisa", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Grabowski", "Haddad")


class Outing(NamedTuple):
    """One entry of the catalogue."""

    id: str
    fields: Mapping[str, str]


def _catalogue() -> tuple[Outing, ...]:
    outings: list[Outing] = []
    for words in _WORDS.values():
        for place in words["place"]:
            for activity in words["activity"]:
                for season in words["season"]:
                    fields = {"place": place, "activity": activity, "season": season}
                    outings.append(Outing(f"outing-{len(outings):03}", fields))
    return tuple(outings)


_OUTINGS = _catalogue()


class OutingEpisode(Episode):
    """One visitor, who cares about two things."""

    def __init__(self, task: Task, seed: int, world: CacheTrapEnvironment) -> None:
        draw = random.Random(f"{task.id}/{seed}")
        fields = _KINDS[int(task.id.rsplit("-", 1)[1])]
        self._wanted = {field: draw.choice(_WORDS[task.group][field]) for field in fields}
        self._world = world
        self.goal = Goal(
            instruction="answer the id of an outing that the visitor would like",
            inputs={"query": _asked(self._wanted, draw)},
        )

    @tool
    def search(self, query: str, prompt: str) -> list[dict[str, str]]:
        """Returns the five outings that fit best what the model, so prompted, reads in a query."""
        reading = self._world.read(query, prompt)
        fitting = sorted(_OUTINGS, key=lambda outing: -_fit(outing, reading))
        return [{"id": outing.id, **outing.fields} for outing in fitting[:5]]

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the outing is all that the visitor cares about."""
        chosen = next((outing for outing in _OUTINGS if outing.id == answer), None)
        fits = chosen is not None and _fit(chosen, self._wanted) == len(self._wanted)
        return Outcome(success=float(fits), feedback=f"the visitor cares about {self._wanted}")


class CacheTrapEnvironment(Environment):
    """Ten visitors per split; those of the test ask for other outings."""

    traits = Traits(context_meter="read_tokens", is_deterministic=True)

    def __init__(self, cached_by: Literal["query", "content"] = "query") -> None:
        """Makes the world.

        Args:
            cached_by: What the key of the cache holds: the query alone, the planted fault; or all
                that the reading depends on, which mends it.
        """
        self._cached_by = cached_by
        self._readings: dict[str, dict[str, Mapping[str, str]]] = {}

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the visitors of a split."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(len(_KINDS))]

    def start(self, task: Task, seed: int) -> OutingEpisode:
        """Lets a visitor in."""
        return OutingEpisode(task, seed, self)

    def read(self, query: str, prompt: str) -> Mapping[str, str]:
        """Returns what the model reads in a query; what it was asked before is not asked again."""
        readings = self._readings.setdefault(query, {})
        if prompt not in readings:
            readings[prompt] = _model(query, prompt)
        if self._cached_by == "content":
            return readings[prompt]
        return {field: value for known in readings.values() for field, value in known.items()}


def _model(query: str, prompt: str) -> Mapping[str, str]:
    """Reads the first fields that the prompt names; stands for a call that costs seconds."""
    named = [word for word in re.findall(r"[a-z]+", prompt) if word in _WORDS["open"]]
    reading = {}
    for field in list(dict.fromkeys(named))[:_READ_AT_MOST]:
        values = [value for words in _WORDS.values() for value in words[field]]
        found = [value for value in values if re.search(rf"\b{value}\b", query)]
        if found:
            reading[field] = found[0]
    return reading


def _fit(outing: Outing, wanted: Mapping[str, str]) -> int:
    return sum(outing.fields[field] == value for field, value in wanted.items())


def _asked(wanted: Mapping[str, str], draw: random.Random) -> str:
    words = " ".join(wanted.values())
    if tuple(wanted) == _USUAL:
        return words
    return f"{words}, for {draw.choice(_NAMES)}, party of {draw.randint(2, 99)}"


ENVIRONMENT = CacheTrapEnvironment
