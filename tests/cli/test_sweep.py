from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentlab.experiment.sweep
from agentlab.errors import AgentlabError
from agentlab.experiment.session import run_experiment

SWEEP = """\
name: grid
experiments: [./noisy.yaml]
vary:
  bank:
    both: {}
    first: {budget.candidates: 1}
seeds: [1, 2]
"""


@pytest.fixture
def grid(project: Path) -> Path:
    (project / "grid.yaml").write_text(SWEEP)
    return project / "runs/grid"


def test_a_dry_run_prints_the_points_and_runs_nothing(
    grid: Path, agentlab_call: Callable[..., Any]
) -> None:
    out = agentlab_call("sweep", "grid.yaml", "--dry-run").out.splitlines()
    assert out[0] == "noisy-both-s1: candidates 2"
    assert out[-1] == "4 runs, one after another: no cap on their time"
    assert not grid.exists()


def test_a_sweep_compares_its_columns_and_leaves_a_run_for_each_point(
    grid: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("sweep", "grid.yaml", "--csv", "points.csv")
    assert answer.code == 0
    assert "noisy: better success on the sealed test, 2 seeds" in answer.out
    assert "beside both" in answer.out
    rows = list(csv.DictReader(Path("points.csv").read_text().splitlines()))
    assert [(row["column"], row["seed"]) for row in rows] == [
        ("both", "1"),
        ("both", "2"),
        ("first", "1"),
        ("first", "2"),
    ]
    runs = agentlab_call("runs", "--runs", str(grid), "--json").json["runs"]
    assert sorted(run["run"] for run in runs) == sorted(row["run"] for row in rows)
    assert all((grid / row["run"] / "report.md").is_file() for row in rows)
    # A point gained what its run says that it gained.
    report = agentlab_call("report", rows[0]["run"], "--runs", str(grid), "--json").json
    assert float(rows[0]["gain"]) == report["difference"]["test"]["success"]["estimate"]


def test_begun_again_it_answers_what_it_has_and_runs_the_rest(
    grid: Path, agentlab_call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def fail_at_the_third(experiment: Any, **rest: Any) -> Any:
        begun.append(experiment.name)
        if len(begun) == 3:
            raise AgentlabError("the cable is out")
        return run_experiment(experiment, **rest)

    monkeypatch.setattr(agentlab.experiment.sweep, "run_experiment", fail_at_the_third)
    broken = agentlab_call("sweep", "grid.yaml")
    assert broken.code == 1
    assert "no result: noisy, first, seed 1: the cable is out" in broken.out
    whole = agentlab_call("sweep", "grid.yaml", "--json")
    assert whole.code == 0
    assert [point["problem"] for point in whole.json["points"]] == [""] * 4
    assert begun[4:] == ["noisy-first-s1"]


def test_other_settings_under_the_same_name_are_refused(
    grid: Path, agentlab_call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise AgentlabError("not today")

    monkeypatch.setattr(agentlab.experiment.sweep, "run_experiment", fail)
    assert agentlab_call("sweep", "grid.yaml").code == 1
    answer = agentlab_call("sweep", "grid.yaml", "--set", "measure.final_blocks=6")
    assert answer.code == 2
    assert "begun with other settings" in answer.err
    assert "give the sweep another name" in answer.err
