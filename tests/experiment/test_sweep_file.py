from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.experiment.sweep_file import load_sweep

EXPERIMENT = """\
name: small
environment: agentlab.testing.environments.noisy:NoisyEnvironment
target: ./target
meta: [mutation]
budget: {candidates: 2}
"""

SWEEP = """\
name: grid
experiments: [./small.yaml]
vary:
  brain:
    blind: {meta: [mutation]}
    numbers: {meta: [numeric]}
  way:
    greedy: {}
    pareto: {search.strategy: pareto}
seeds: [3, 4]
set: {budget.candidates: 5}
"""


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    (tmp_path / "target/agent.py").write_text("def solve(goal, tools): return 1\n")
    (tmp_path / "small.yaml").write_text(EXPERIMENT)
    file = tmp_path / "grid.yaml"
    file.write_text(SWEEP)
    return file


def problems_of(file: Path) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        load_sweep(file)
    return tuple(problem.removeprefix(f"{file}:") for problem in caught.value.problems)


def test_a_grid_is_every_combination_with_every_seed(grid: Path) -> None:
    sweep = load_sweep(grid)
    assert sweep.reference == "blind, greedy"
    assert [point.experiment.name for point in sweep.points] == [
        f"small-{brain}_{way}-s{seed}"
        for brain in ("blind", "numbers")
        for way in ("greedy", "pareto")
        for seed in (3, 4)
    ]
    last = sweep.points[-1].experiment
    assert (last.meta[0].kind, last.search.strategy, last.seed) == ("numeric", "pareto", 4)
    assert {point.experiment.budget.candidates for point in sweep.points} == {5}


def test_an_override_is_stronger_than_the_file(grid: Path) -> None:
    points = load_sweep(grid, ["budget.candidates=7"]).points
    assert {point.experiment.budget.candidates for point in points} == {7}


def test_what_a_value_sets_wrongly_is_told_with_its_own_line(grid: Path) -> None:
    grid.write_text(SWEEP.replace("[numeric]", "[numerik]").replace("candidates", "candidate"))
    budget, meta = problems_of(grid)
    assert meta.startswith("6: meta.0: kind must be one of")
    assert "did you mean 'numeric'?" in meta
    assert budget.startswith("11: budget.candidate: unknown key; did you mean 'candidates'?")


def test_an_experiment_that_is_not_there_is_told_once(grid: Path) -> None:
    grid.write_text(SWEEP.replace("small.yaml", "smal.yaml"))
    (problem,) = problems_of(grid)
    assert problem.startswith("2: ")
    assert "did you mean 'small.yaml'?" in problem


def test_keys_of_the_sweep_itself_are_checked(grid: Path) -> None:
    grid.write_text(SWEEP.replace("seeds:", "seed:"))
    (problem,) = problems_of(grid)
    assert problem.startswith("10: seed: unknown key; did you mean 'seeds'?")


def test_the_reference_is_one_of_the_columns(grid: Path) -> None:
    grid.write_text(SWEEP + "reference: blind\n")
    (problem,) = problems_of(grid)
    assert problem.startswith("12: reference: no column 'blind'")
    assert "blind, greedy; blind, pareto" in problem


def test_a_seed_that_stands_twice_would_be_one_run(grid: Path) -> None:
    grid.write_text(SWEEP.replace("[3, 4]", "[3, 3]"))
    (problem,) = problems_of(grid)
    assert "two points are both called 'small-blind_greedy-s3'" in problem
