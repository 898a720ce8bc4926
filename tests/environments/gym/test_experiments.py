"""The shipped experiments: what they name is there, and the pole gets better without a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.experiment.build import build_world
from agentlab.experiment.load import find_experiment, load_experiment
from tests.experiment.in_process import run_in_process


def test_the_experiment_of_the_pole_can_be_built() -> None:
    world = build_world(load_experiment(find_experiment("gym_cartpole")))

    assert [len(tasks) for tasks in world.tasks.values()] == [10, 10, 10]


@pytest.mark.slow
def test_the_pole_gets_better_on_the_sealed_test(tmp_path: Path) -> None:
    overrides = ["budget.candidates=8", "budget.wall_s=null", "executor.kind=inline"]
    experiment = load_experiment(find_experiment("gym_cartpole"), overrides)

    assert run_in_process(experiment, tmp_path / "run").verdict.startswith("improved")
