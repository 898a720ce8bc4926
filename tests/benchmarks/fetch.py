"""Prints steps lost and success of the shipped Fetch policies on seeds of the sealed test.

    python -m tests.benchmarks.fetch [--seeds 200]

in a virtual environment with the extra `fetch` (docs/gym.md). Steps lost are those of 50 at which
the box is not within 5 cm of the goal: minus the return of the sparse reward, in which
rl-baselines3-zoo publishes TQC with hindsight replay, on the first version of these worlds, over
3,000 episodes. The policies run in this process, without sandbox and wire: these are shipped.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.outcome import Outcome
from agentlab.errors import InputError
from agentlab.experiment.build import read_target
from agentlab.references import build_environment

_POLICIES = (
    ("FetchPickAndPlace-v4", "fetch", "9.33 +- 6.85"),
    ("FetchPickAndPlace-v4", "fetch_by_hand", "9.33 +- 6.85"),
    ("FetchPush-v4", "fetch_push", "8.80 +- 5.44"),
)


class _Stub:
    """The tools as a candidate has them."""

    def __init__(self, episode: Episode) -> None:
        self._tools = episode.tools

    def __getattr__(self, name: str) -> Callable[..., Any]:
        tool = self._tools[name]
        return lambda *args: tool.call(dict(zip(tool.parameters, args, strict=False))).value


def _play(environment: Environment, source: bytes, number: int) -> Outcome:
    policy: dict[str, Any] = {}
    exec(source, policy)
    tasks = environment.tasks("test")
    episode = environment.start(tasks[number % len(tasks)], number // len(tasks))
    return episode.judge(policy["solve"](episode.goal, _Stub(episode)))


def main() -> None:
    """Prints a line for each policy."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    seeds = parser.parse_args().seeds
    for world, target, published in _POLICIES:
        try:
            environment = build_environment(
                EnvironmentSpec(
                    reference="environments/gym", options={"id": f"gymnasium_robotics:{world}"}
                )
            )
        except InputError as error:
            print(f"{world}: cannot be had here: {error}")
            continue
        source = read_target(f"environments/gym/targets/{target}")["agent.py"]
        outcomes = [_play(environment, source, number) for number in range(seeds)]
        lost = np.array([outcome.metrics["steps_lost"] for outcome in outcomes])
        success = np.mean([outcome.success for outcome in outcomes])
        print(
            f"{world:21} {target:14} {len(source.splitlines()):3} lines  steps lost "
            f"{lost.mean():5.2f} +- {lost.std():4.2f}  success {success:.3f} of {seeds} seeds  "
            f"(TQC+HER: {published})",
            flush=True,
        )


if __name__ == "__main__":
    main()
