"""The habit that pays where it was picked: refused by the default settings, told by the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.core.task import SplitName
from agentlab.core.value import JsonValue
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.session import run_experiment
from agentlab.references import build_environment
from agentlab.report.findings import survival_lines
from agentlab.testing.environment_suite import EnvironmentSuite

pytestmark = pytest.mark.usefixtures("called")


def world(seen: str = "validation") -> Any:
    spec = EnvironmentSpec(reference="environments/overfit_trap", options={"seen": seen})
    return build_environment(spec)


class TestOverfitTrap(EnvironmentSuite):
    seeds = (0, 1, 2, 3, 4, 5, 6, 7)

    def make_environment(self) -> Environment:
        environment: Environment = world()
        return environment

    def oracle(self, episode: Any) -> JsonValue:
        way: str = episode._way
        return way


def rate(cue: str, split: SplitName, seen: str) -> float:
    environment = world(seen)
    found: list[float] = [
        episode.judge(episode.goal.inputs[cue]).success
        for task in environment.tasks(split)
        for seed in range(80)
        for episode in [environment.start(task, seed)]
    ]
    return sum(found) / len(found)


@pytest.mark.parametrize(
    ("seen", "where"),
    [("validation", {"validation"}), ("train", {"train"}), ("both", {"train", "validation"})],
)
def test_the_landmark_gains_20_points_where_it_was_picked_and_loses_14_elsewhere(
    seen: str, where: set[SplitName]
) -> None:
    splits: tuple[SplitName, ...] = ("train", "validation", "test")
    for split in splits:
        # Four standard errors of 2,400 draws.
        assert rate("eye", split, seen) == pytest.approx(0.6, abs=0.04)
        assert rate("compass", split, seen) == pytest.approx(0.9, abs=0.04)
        right = 0.8 if split in where else 0.46
        assert rate("landmark", split, seen) == pytest.approx(right, abs=0.04)


def run(folder: Path, idea: str, *settings: str) -> RunResult:
    """Runs the shipped experiment with one of its ideas alone."""
    bank = folder / "ideas"
    bank.mkdir()
    shipped = find_experiment("traps/overfit").parents[1] / "ideas/overfit_trap"
    (bank / "one.md").write_text(next(shipped.glob(f"*{idea}.md")).read_text())
    overrides = ["sandbox=plain", "accept=[cache]", *settings]
    experiment = load_experiment(find_experiment("traps/overfit"), overrides)
    return run_experiment(experiment.with_ideas(bank), runs=folder / "runs", observer=Silent())


def test_the_gate_refuses_what_helps_in_the_towns_of_train_alone(tmp_path: Path) -> None:
    result = run(tmp_path, "landmark", "environment.options.seen=train", "measure.final_blocks=2")

    assert result.candidates.kept == 0
    assert result.candidates.discarded == 1
    assert result.survival == ()
    assert result.baseline.train == {}, "where nothing was kept there is no gain to be explained"


@pytest.mark.slow
def test_the_gate_keeps_what_helps_everywhere_and_the_result_says_that_it_survives(
    tmp_path: Path,
) -> None:
    result = run(tmp_path, "compass")

    assert result.candidates.kept == 1
    (success,) = result.survival
    assert success.seen_on == "train"
    assert success.seen == result.difference.train["success"]
    assert success.unseen == result.difference.test["success"]
    assert success.gap.low < 0 < success.gap.high
    assert success.share is not None
    assert success.share.low > 0


@pytest.mark.slow
def test_a_gate_that_saw_the_same_towns_keeps_it_and_the_result_says_that_nothing_survives(
    tmp_path: Path,
) -> None:
    result = run(tmp_path, "landmark", "environment.options.seen=both")

    assert result.candidates.kept == 1
    assert result.verdict.startswith("worse than the baseline")
    (success,) = result.survival
    assert success.seen_on == "validation"
    assert success.seen.low > 0 > success.unseen.high
    assert success.gap.high < 0
    assert success.share is not None
    assert success.share.high < 0
    (line,) = survival_lines(result)
    assert "of it survives [-" in line
