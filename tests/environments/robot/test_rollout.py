"""A policy in this process, and over the wire: the same episode."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.trials.inline import InlineExecutor
from tests.environments.robot.world import FOLDER, environment, part, target


def test_the_shipped_target_does_the_same_over_the_wire() -> None:
    world = environment("place", tier=2)
    task = world.tasks("train")[1]
    here = part("rollout").rollout(target(), task, "train", 7, environment=world)
    bench = Bench(
        environment=EnvironmentSpec(reference="environments/robot"),
        target=TargetSpec(),
        limits=Limits(tool_calls=1000),
        sandbox="plain",
    )
    candidate = Candidate(files={"agent.py": (FOLDER / "target" / "agent.py").read_bytes()})
    pair = Pair(task=task, seed=7, split="train", cluster="one")
    trial = Trial(bench=bench.digest, candidate=candidate.digest, pair=pair)
    with closing(InlineExecutor(bench, environment=world)) as executor:
        executor.submit(trial, candidate)
        finished = executor.next_finished(30)
    assert finished is not None
    assert finished.record.outcome == here.outcome
    assert finished.record.usage.context_tokens > 100


def test_a_policy_that_raises_is_judged_as_it_left_things() -> None:
    def solve(goal: Any, tools: Any) -> None:
        tools.step(move=[0.0, 0.0, 0.05])
        raise ValueError("no idea")

    played = part("rollout").rollout(solve, "place", "train", 0)
    assert isinstance(played.error, ValueError)
    assert played.outcome.success == 0
    assert len(played.recording.qpos) == 1 + 1 + 10


def test_a_tool_that_a_tier_does_not_have_is_not_there() -> None:
    def solve(goal: Any, tools: Any) -> None:
        tools.pick()

    played = part("rollout").rollout(solve, "place", "train", 0, environment=environment(tier=3))
    assert isinstance(played.error, AttributeError)
