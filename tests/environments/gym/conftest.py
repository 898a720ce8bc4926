"""Worlds of gymnasium, played by a target in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.outcome import Outcome
from agentlab.experiment.build import read_target
from agentlab.references import build_environment


class Stub:
    """The tools as a candidate has them."""

    def __init__(self, episode: Episode) -> None:
        self._tools = episode.tools

    def __getattr__(self, name: str) -> Callable[..., Any]:
        tool = self._tools[name]
        return lambda *args: tool.call(dict(zip(tool.parameters, args, strict=False))).value


def gym_world(**options: Any) -> Environment:
    return build_environment(EnvironmentSpec(reference="environments/gym", options=options))


def play(environment: Environment, target: str, seed: int, **changed: Any) -> Outcome:
    """Plays an episode with a shipped target, some of whose constants are changed."""
    policy: dict[str, Any] = {}
    exec(read_target(f"environments/gym/targets/{target}")["agent.py"], policy)
    policy.update(changed)
    episode = environment.start(environment.tasks("train")[0], seed)
    try:
        answer = policy["solve"](episode.goal, Stub(episode))
        return episode.judge(answer)
    finally:
        episode.close()


@pytest.fixture(scope="module")
def cartpole() -> Any:
    environment = gym_world(id="CartPole-v1")
    yield environment
    environment.close()
