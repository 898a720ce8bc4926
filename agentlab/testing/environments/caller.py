"""A world with a language model in it: every prompt is metered, the answer is judged.

The model is scripted. It reads who moved where, and knows in which country a city lies.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import ToolResult, tool
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import CompletionRequest
from agentlab.llm.scripted import ScriptedModel, prompt_text
from agentlab.llm.tool import ask_as_tool

__all__ = ["CallerEnvironment", "CallerEpisode", "reply"]

_COUNTRY_BY_CITY = {
    "open": {"Paris": "France", "Oslo": "Norway", "Turin": "Italy", "Lyon": "France"},
    "sealed": {"Kyoto": "Japan", "Lima": "Peru", "Osaka": "Japan", "Quito": "Ecuador"},
}
_PEOPLE = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana")
_LINES = 40

_ORACLE = f"""
COUNTRY_BY_CITY = {_COUNTRY_BY_CITY["open"] | _COUNTRY_BY_CITY["sealed"]}


def solve(goal, tools):
    person = goal.instruction.split()[-2]
    moves = [line for line in goal.inputs["diary"] if f": {{person}} moved" in line]
    return COUNTRY_BY_CITY[moves[-1].split()[-1].strip(".")]
"""


def reply(request: CompletionRequest) -> str:
    """Answers where the person of the question lives, by the last move of theirs that is told."""
    text = prompt_text(request)
    asked = re.search(r"does (\w+) live", text)
    moves = re.findall(rf"\b{asked[1]} moved to (\w+)", text) if asked else []
    known = _COUNTRY_BY_CITY["open"] | _COUNTRY_BY_CITY["sealed"]
    return known.get(moves[-1], "unknown") if moves else "unknown"


class CallerEpisode(Episode):
    """One diary and one question about it."""

    def __init__(self, task: Task, seed: int, gateway: Gateway) -> None:
        draw = random.Random(f"{task.id}/{seed}")
        countries = _COUNTRY_BY_CITY[task.group]
        moves = [(draw.choice(_PEOPLE), draw.choice(list(countries))) for _ in range(_LINES)]
        person = draw.choice(moves)[0]
        self._country = [countries[city] for name, city in moves if name == person][-1]
        self._gateway = gateway
        self.goal = Goal(
            instruction=f"In which country does {person} live?",
            inputs={
                "diary": [f"Day {n}: {who} moved to {to}." for n, (who, to) in enumerate(moves)]
            },
        )

    @tool
    def model(self, prompt: str) -> ToolResult:
        """Asks the language model and returns its text."""
        return ask_as_tool(self._gateway, prompt, model="simulated-small")

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the answer is the country's name."""
        return Outcome(success=float(answer == self._country), feedback=f"it was {self._country}")


class CallerEnvironment(Environment):
    """Diaries; those of the test tell of cities that the others do not."""

    traits = Traits(context_meter="prompt_tokens", cost_kind="metered", is_deterministic=True)

    def __init__(self) -> None:
        self._gateway = Gateway(ScriptedModel(reply))

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns four diaries for a split."""
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(4)]

    def start(self, task: Task, seed: int) -> CallerEpisode:
        """Writes a diary."""
        return CallerEpisode(task, seed, self._gateway)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns an oracle that reads the diary itself."""
        return {"oracle": {"agent.py": _ORACLE.encode()}}
