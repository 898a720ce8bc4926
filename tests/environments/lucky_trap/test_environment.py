"""The lucky seed: who looks once falls for it, the default settings do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlab.core.decision import Decision, Verdict
from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.result import RunResult
from agentlab.core.value import JsonValue
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.references import build_environment, find_folder
from agentlab.report.false_keeps import curse_lines
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.experiment.in_process import decisions_in, run_in_process

WORLD = EnvironmentSpec(reference="environments/lucky_trap")
CONTROL = find_folder("experiments/ideas/lucky_trap_control")


class TestLuckyTrap(EnvironmentSuite):
    seeds = (0, 1, 2, 3, 4, 5, 6, 7)

    def make_environment(self) -> Environment:
        return build_environment(WORLD)

    def oracle(self, episode: Any) -> JsonValue:
        side: str = episode._side
        return side


def run(folder: Path, *overrides: str, ideas: Path | None = None) -> tuple[RunResult, Decision]:
    """Runs the shipped experiment; it makes one proposal."""
    experiment = load_experiment(find_experiment("traps/lucky"), overrides)
    if ideas is not None:
        experiment = experiment.with_ideas(ideas)
    result = run_in_process(experiment, folder)
    (decision,) = decisions_in(folder)
    return result, decision


def test_one_side_comes_up_as_often_as_the_other_and_the_glimpse_is_right_more_often() -> None:
    environment: Any = build_environment(WORLD)
    episodes = [
        environment.start(task, seed)
        for task in environment.tasks("validation")
        for seed in range(200)
    ]
    heads = sum(episode._side == "heads" for episode in episodes)
    seen = sum(episode.goal.inputs["seen"] == episode._side for episode in episodes)
    # Four standard errors of 2,400 draws.
    assert heads / len(episodes) == pytest.approx(0.5, abs=0.041)
    assert seen / len(episodes) == pytest.approx(0.8, abs=0.033)


def test_the_default_settings_refuse_it_at_the_gate_although_it_led_on_train(
    tmp_path: Path,
) -> None:
    result, decision = run(tmp_path / "run")
    assert (result.rule, result.candidates.kept) == ("paired", 0)
    assert (decision.label, decision.stage) == ("001-call-heads", "gate")
    assert decision.verdict is not Verdict.KEPT
    assert decision.differences["success"].low < 0 < decision.differences["success"].high


def test_greedy_falls_for_it_and_measuring_again_shows_the_curse(tmp_path: Path) -> None:
    result, decision = run(tmp_path / "run", "objective.rule=greedy")
    assert (decision.label, decision.verdict) == ("001-call-heads", Verdict.KEPT)
    assert decision.differences["success"].estimate > 0.5
    found = result.remeasured
    assert found is not None
    assert found.again.estimate < found.at_gate.estimate - 0.3
    assert result.verdict.startswith("not confirmed")
    (line,) = curse_lines(result)
    assert line.startswith("success: the gate saw +0.83 ")


def test_an_honest_proposal_is_kept_by_the_default_settings(tmp_path: Path) -> None:
    result, decision = run(tmp_path / "run", ideas=CONTROL)
    assert (decision.label, decision.verdict) == ("001-call-what-was-seen", Verdict.KEPT)
    assert result.verdict.startswith("improved")
