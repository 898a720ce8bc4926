"""A target that is shown the expert's work: what it is shown, and that it helps."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from math import log
from typing import Any

import numpy as np
import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.errors import InputError, ToolError
from agentlab.measure.e_process import log_e_value
from agentlab.trials.inline import InlineExecutor
from tests.environments.robot.world import FOLDER, part

SOURCE = (FOLDER / "targets" / "learned" / "agent.py").read_bytes()


def world(demonstrations: int = 8, **options: Any) -> Any:
    return part("environment").RobotEnvironment(
        ["place_over_wall"], demonstrations=demonstrations, **options
    )


def solved(environment: Any, seeds: range, content: bytes) -> list[float]:
    """Returns the success of a target on test tasks, prepared as the gate prepares it."""
    has_prepare = environment.traits.needs_preparation
    bench = Bench(
        environment=EnvironmentSpec(reference="environments/robot"),
        target=TargetSpec(prepare="agent.py:prepare" if has_prepare else None),
        limits=Limits(tool_calls=400),
        sandbox="plain",
    )
    candidate = Candidate(files={"agent.py": content})
    tasks = environment.tasks("test")
    with closing(InlineExecutor(bench, environment=environment)) as executor:

        def run(trial: Trial, files: Mapping[str, bytes] | None = None) -> Any:
            executor.submit(trial, candidate, files)
            finished = executor.next_finished(60)
            assert finished is not None
            assert finished.record.outcome or finished.record.fate == "solved"
            return finished

        artefact, files = None, None
        if has_prepare:
            made = run(Trial(bench=bench.digest, candidate=candidate.digest, kind="prepare"))
            artefact, files = made.record.artefact, made.artefact_files
        pairs = [
            Pair(task=tasks[seed % len(tasks)], seed=seed, split="test", cluster=str(seed))
            for seed in seeds
        ]
        trials = [
            Trial(bench=bench.digest, candidate=candidate.digest, pair=pair, artefact=artefact)
            for pair in pairs
        ]
        return [run(trial, files).record.success for trial in trials]


def test_with_demonstrations_it_is_better_as_the_gate_would_have_it() -> None:
    seeds = range(12)
    taught = solved(world(), seeds, SOURCE)
    guessing = solved(world(demonstrations=0), seeds, SOURCE)

    assert log_e_value(np.array(taught) - np.array(guessing)) > log(20)
    assert sum(taught) >= 11


def test_heights_go_with_the_wall_that_no_demonstration_had() -> None:
    def carry(demonstrations: int) -> float:
        shown = world(demonstrations, variation="all").preparation(3)
        made: dict[str, Any] = {}
        exec(compile(SOURCE, "agent.py", "exec"), made)
        lessons = [shown.demonstration(number=n) for n in range(demonstrations)]
        rows = [made["features"](one["inputs"]) for one in lessons]
        weights = made["ridge"](rows, [made["lesson"](one)["carry"] for one in lessons])
        return float(np.dot(weights, [1.0, 0.16, 0.025]))

    # The expert carries 5 cm above wall and box.
    assert carry(12) == pytest.approx(0.16 + 0.025 + 0.05, abs=0.02)


def test_a_demonstration_is_what_a_policy_could_have_told_and_seen() -> None:
    shown = world().preparation(0).demonstration(number=1)
    assert shown["instruction"].startswith("Put the red box at the goal")
    assert set(shown["inputs"]) >= {"goal", "wall", "half_sizes"}
    assert set(shown["steps"][0]["told"]) == {"to", "grip"}
    assert set(shown["steps"][0]["seen"]) == {"tool", "grip", "box", "box_yaw"}
    assert min(step["told"]["grip"] for step in shown["steps"]) == 0


def test_one_seed_shows_the_same_and_another_shows_others() -> None:
    first, again, other = (world().preparation(seed).demonstration(number=0) for seed in (0, 0, 1))
    assert first == again != other


def test_there_are_as_many_as_were_asked_for() -> None:
    episode = world(demonstrations=5).preparation(0)
    assert episode.goal.inputs == {"demonstrations": 5}
    with pytest.raises(ToolError) as caught:
        episode.demonstration(number=5)
    assert caught.value.kind == "no_such_demonstration"
    assert world(demonstrations=0).preparation(0) is None
    with pytest.raises(InputError, match="demonstrations: 21 is not from 0 to 20"):
        world(demonstrations=21)
