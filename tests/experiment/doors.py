"""A world in which one must look before one opens, and a model that has that idea among others.

No edit of a number or an operator makes the target look: it takes a structural change.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Episode, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.experiment.config import Experiment
from agentlab.testing.model_peer import PeerReply, PeerRequest, calls_tool, says

__all__ = ["DECOYS", "LOOKS", "DoorsEnvironment", "brain", "doors_experiment"]

_DOORS = 3


class _Doors(Episode):
    def __init__(self, task: Task, seed: int) -> None:
        self.goal = Goal(instruction="open the door with the prize behind it, and no other first")
        self._prize = random.Random(f"{task.id}/{seed}").randrange(_DOORS)
        self._opened: list[int] = []

    @tool
    def look(self) -> str:
        """Tells what can be seen through the keyholes."""
        return f"something shines behind door {self._prize}"

    @tool
    def open(self, door: int) -> str:
        """Opens a door."""
        self._opened.append(door)
        return "the prize" if door == self._prize else "nothing"

    def judge(self, answer: JsonValue) -> Outcome:
        """Succeeds where the first door was the right one."""
        is_right = self._opened[:1] == [self._prize]
        said = "the right door" if is_right else f"opened {self._opened}, which was empty"
        return Outcome(success=float(is_right), feedback=said)


class DoorsEnvironment(Environment):
    """Six houses per split."""

    traits = Traits(is_deterministic=True)

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id=f"{split}-house-{n}", group=f"{split}-{n}") for n in range(6)]

    def start(self, task: Task, seed: int) -> Episode:
        return _Doors(task, seed)

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        return {"oracle": {"agent.py": LOOKS.encode()}}


LOOKS = '''"""Looks, then opens."""


def solve(goal, tools):
    seen = tools.look()
    return tools.open(int(seen.split()[-1]))
'''

DECOYS = (
    '"""Opens the last."""\n\n\ndef solve(goal, tools):\n    return tools.open(2)\n',
    '"""Opens all."""\n\n\ndef solve(goal, tools):\n'
    "    return [tools.open(door) for door in range(3)]\n",
    '"""Looks in vain."""\n\n\ndef solve(goal, tools):\n    tools.look()\n'
    "    return tools.open(0)\n",
    '"""Opens one by its length."""\n\n\ndef solve(goal, tools):\n'
    "    return tools.open(len(goal.instruction) % 3)\n",
    '"""Breaks."""\n\n\ndef solve(goal, tools):\n    return tools.opne(0)\n',
)

_IDEAS = (DECOYS[0], DECOYS[1], DECOYS[4], LOOKS, DECOYS[2], DECOYS[3])


def brain(request: PeerRequest) -> PeerReply:
    """Answers as a model would that has six ideas, the fourth of which is a good one.

    A function of the request alone: asked the same again it answers the same.
    """
    messages: list[dict[str, Any]] = request.body["messages"]
    calls = [call["function"] for m in messages for call in m.get("tool_calls") or ()]
    names = [call["name"] for call in calls]
    last = messages[-1].get("content") or ""
    begun = re.search(r"You make proposal (\d+) of", request.text)
    idea = (int(begun[1]) - 1 if begun else 0) + names.count("edit_file")
    if "Call a tool" in last:
        return says("I have none left.")
    if not calls:
        return calls_tool("read_file", {"path": "agent.py"})
    if names[-1] == "read_file" or "proposed before" in last or "comes back to you" in last:
        if names.count("edit_file") >= len(_IDEAS):
            return says("I am out of ideas.")
        return calls_tool("edit_file", {"path": "agent.py", "new": _IDEAS[idea % len(_IDEAS)]})
    if names[-1] == "edit_file":
        return calls_tool("run_trials", {"tasks": ["train-house-0", "train-house-1"]})
    tried = json.loads([call for call in calls if call["name"] == "edit_file"][-1]["arguments"])
    return calls_tool(
        "submit",
        {
            "title": str(tried["new"]).splitlines()[0].strip('"'),
            "hypothesis": "the right door is opened more often; if not, success stays",
            "approach": f"idea {(idea - 1) % len(_IDEAS)}",
            "size": 0.5,
        },
    )


def doors_experiment(
    url: str, *, patience: Mapping[str, float] | None = None, **changes: Any
) -> Experiment:
    """Returns a run whose model answers at a URL.

    Args:
        url: Of the model.
        patience: What is done where it does not.
        changes: Top-level keys of the experiment.
    """
    coding = {
        "kind": "coding",
        "models": ["peer"],
        "url": url,
        "patience": dict(patience or {}),
        "prices": {"peer": {"prompt": 1.0, "completion": 2.0}},
    }
    return Experiment.model_validate(
        {
            "name": "doors",
            "environment": "tests.experiment.doors:DoorsEnvironment",
            "target": "tests/experiment/targets/doors",
            "meta": [coding],
            "objective": {"rule": {"max_blocks": 12, "worthwhile": 0.05, "siblings": 2}},
            "budget": {"candidates": 4},
            "measure": {"final_blocks": 1, "min_clusters": 2},
            "limits": {"wall_s": 5},
            "executor": {"kind": "inline"},
            "sandbox": "plain",
            "accept": ["cache"],
            **changes,
        }
    )
