"""A policy against the simulator in one process, without sandbox, wire or meter.

For tests, benchmarks, experts and pictures. What counts is measured over the wire.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.errors import ToolError

from .environment import RobotEnvironment
from .episode import RobotEpisode
from .instance import Instance
from .recording import Recording

__all__ = ["LocalTools", "Policy", "Rollout", "rollout"]


class LocalTools:
    """An episode's tools as methods, as a candidate has them; arguments are not validated."""

    Error = ToolError
    artefact = None

    def __init__(self, episode: RobotEpisode) -> None:
        self._episode = episode
        self._names = frozenset(episode.tools)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._names:
            raise AttributeError(f"no tool '{name}'; there are {', '.join(sorted(self._names))}")
        found: Callable[..., Any] = getattr(self._episode, name)
        # A tool that is used in each of some hundred steps is looked up once.
        setattr(self, name, found)
        return found


Policy = Callable[[Goal, LocalTools], Any]
"""`solve(goal, tools)`, as in a target."""


class Rollout(NamedTuple):
    """One episode, played and judged."""

    outcome: Outcome
    recording: Recording
    instance: Instance
    goal: Goal
    error: Exception | None
    """What the policy raised; its episode is judged as it was left."""


def rollout(
    policy: Policy,
    task: str | Task,
    split: SplitName,
    seed: int,
    *,
    environment: RobotEnvironment | None = None,
) -> Rollout:
    """Plays one episode.

    Args:
        policy: What decides.
        task: A kind such as `place`, whose lanes take turns by seed, or one task.
        split: Where the task is from.
        seed: What is drawn.
        environment: Keeps compiled scenes; a new one, of nominal variation, by default.
    """
    if environment is None:
        kind = task if isinstance(task, str) else str(task.inputs["kind"])
        environment = RobotEnvironment(tasks=[kind])
    if isinstance(task, str):
        lanes = [one for one in environment.tasks(split) if one.inputs["kind"] == task]
        task = lanes[seed % len(lanes)]
    episode = environment.start(task, seed)
    error = None
    try:
        policy(episode.goal, LocalTools(episode))
    except Exception as raised:  # noqa: BLE001 - whatever a policy raises is its ending
        error = raised
    outcome, recording = episode.judge(None), episode.finish()
    episode.close()
    return Rollout(outcome, recording, episode.instance, episode.goal, error)
