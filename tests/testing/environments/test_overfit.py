"""The habit that pays where the search has been: refused by the gate, told by the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import agentlab.testing
from agentlab.core.environment import Environment, Episode
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.core.task import SplitName
from agentlab.core.value import JsonValue
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import run_experiment
from agentlab.report.sections import survival_lines
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.overfit import OverfitEnvironment, OverfitEpisode

TARGET = Path(agentlab.testing.__file__).parent / "environments/targets/overfit"
IDEA = """\
---
title: follow the {cue}
hypothesis: it is right more often
author: a test
---
```edit agent.py
<<<<<<< SEARCH
CUE = "eye"
=======
CUE = "{cue}"
>>>>>>> REPLACE
```
"""


class TestOverfit(EnvironmentSuite):
    seeds = (0, 1, 2, 3, 4, 5, 6, 7)

    def make_environment(self) -> Environment:
        return OverfitEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, OverfitEpisode)
        return episode._way


def rate(cue: str, split: SplitName) -> float:
    environment = OverfitEnvironment()
    found = [
        episode.judge(episode.goal.inputs[cue]).success
        for task in environment.tasks(split)
        for seed in range(200)
        for episode in [environment.start(task, seed)]
    ]
    return sum(found) / len(found)


@pytest.mark.parametrize(
    ("cue", "seen", "unseen"),
    [("eye", 0.6, 0.6), ("landmark", 0.8, 0.46), ("compass", 0.9, 0.9)],
)
def test_the_cues_are_right_as_often_as_promised(cue: str, seen: float, unseen: float) -> None:
    # Four standard errors of 2,400 draws.
    assert rate(cue, "train") == pytest.approx(seen, abs=0.04)
    assert rate(cue, "validation") == pytest.approx(unseen, abs=0.04)
    assert rate(cue, "test") == pytest.approx(unseen, abs=0.04)


def run_with(folder: Path, cue: str, validation: str = "own", **changes: Any) -> RunResult:
    """Runs with one proposal: to follow a cue."""
    (folder / "ideas").mkdir()
    (folder / "ideas" / "one.md").write_text(IDEA.format(cue=cue))
    experiment = Experiment.model_validate(
        {
            "name": "overfit",
            "environment": {
                "reference": "agentlab.testing.environments.overfit:OverfitEnvironment",
                "options": {"validation": validation},
            },
            "target": str(TARGET),
            "meta": [{"kind": "ideas", "folder": str(folder / "ideas")}],
            "budget": {"candidates": 1},
            "executor": {"kind": "inline"},
            "sandbox": "plain",
            **changes,
        }
    )
    return run_experiment(experiment, runs=folder / "runs", observer=Silent())


def test_keeping_what_is_higher_on_train_would_fall_for_it() -> None:
    assert rate("landmark", "train") > rate("eye", "train") + 0.15


def test_the_default_settings_refuse_it(tmp_path: Path) -> None:
    result = run_with(tmp_path, "landmark")

    assert result.candidates.kept == 0
    assert result.candidates.discarded == 1
    assert result.survival == ()
    assert result.baseline.train == {}, "where nothing was kept there is no gain to be explained"


@pytest.mark.slow
def test_the_gate_keeps_what_helps_everywhere_and_the_result_says_that_it_survives(
    tmp_path: Path,
) -> None:
    result = run_with(tmp_path, "compass", measure={"final_blocks": 12})

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
    result = run_with(tmp_path, "landmark", validation="train", measure={"final_blocks": 12})

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
