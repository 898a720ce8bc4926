"""What the loop over points does with what its runs answer; whole sweeps are in tests/cli."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import agentlab.experiment.sweep
from agentlab.core.decision import Estimate
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult, SplitScores
from agentlab.errors import NothingMeasurable
from agentlab.experiment.config import Experiment
from agentlab.experiment.sweep import run_sweep
from agentlab.experiment.sweep_file import Point, Sweep


def point(seed: int, *, objective: dict[str, str]) -> Point:
    experiment = Experiment.model_validate(
        {
            "name": f"small-blind-s{seed}",
            "environment": "agentlab.testing.environments.noisy:NoisyEnvironment",
            "target": "somewhere",
            "meta": ["mutation"],
            "objective": objective,
            "budget": {"candidates": 1},
            "seed": seed,
        }
    )
    return Point("blind", experiment, "small", Path("small.yaml"))


def played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *points: Point, answers: list[Any]
) -> tuple[Any, list[Experiment]]:
    asked: list[Experiment] = []

    def run(experiment: Experiment, **_: Any) -> RunResult:
        asked.append(experiment)
        answer = answers[len(asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        gain = Estimate(estimate=answer, low=answer - 1, high=answer + 2)
        change = SplitScores(test={experiment.objective.metric: gain})
        return RunResult(run="r", status="completed", verdict="", difference=change, trials=10)

    monkeypatch.setattr(agentlab.experiment.sweep, "run_experiment", run)
    sweep = Sweep("grid", "blind", points)
    return run_sweep(sweep, runs=tmp_path, observer=Silent(), on_end=lambda _: None), asked


def test_what_is_minimised_gains_where_it_falls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    energy = point(1, objective={"minimise": "energy_j"})
    result, _ = played(tmp_path, monkeypatch, energy, answers=[-5.0])
    assert result.points[0].gain == Estimate(estimate=5.0, low=3.0, high=6.0)


def test_all_runs_share_one_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [point(seed, objective={}) for seed in (1, 2)]
    _, asked = played(tmp_path, monkeypatch, *points, answers=[0.1, 0.2])
    assert {experiment.store for experiment in asked} == {
        f"sqlite:///{tmp_path / 'grid/agentlab.sqlite'}"
    }


def test_a_point_that_cannot_be_run_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [point(seed, objective={}) for seed in (1, 2)]
    answers = [NothingMeasurable("the node is gone"), 0.2]
    result, _ = played(tmp_path, monkeypatch, *points, answers=answers)
    assert [one.problem for one in result.points] == ["the node is gone", ""]
    assert [column.seeds for column in result.columns] == [1]
