"""The page on objectives: what it shows can be read, and its example gives what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from agentlab.core.objective import Objective
from agentlab.experiment.build import build_world
from agentlab.experiment.config import Experiment
from tests.docs.conftest import ROOT, write_files_of

PAGE = ROOT / "docs/objectives.md"
FRAGMENTS = re.findall(r"```yaml\n(objective:\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_objective_that_is_shown_can_be_taken(fragment: str) -> None:
    given = yaml.safe_load(fragment)
    experiment = Experiment.model_validate(
        {
            "name": "shown",
            "environment": "agentlab.testing.environments.noisy:NoisyEnvironment",
            "target": str(ROOT / "agentlab/testing/environments/targets/noisy"),
            "meta": ["mutation"],
            "budget": {"candidates": 1},
            **given,
        }
    )
    build_world(experiment)
    assert experiment.objective != Objective()


def test_the_page_shows_some() -> None:
    assert len(FRAGMENTS) >= 5


@pytest.mark.timeout(600)
def test_the_example_keeps_the_same_success_for_fewer_tokens_and_says_so(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.calling", "run", "cheaper.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert ran.stdout.startswith("improved: same success, 33 % fewer context tokens"), ran.stdout
    (kept,) = [line for line in ran.stderr.splitlines() if line.startswith("kept #1")]
    assert kept in PAGE.read_text("utf-8")
    shown = " ".join(ran.stdout.split())
    assert "Front of success, context and cost #1 two-knobs: success +0.00, 33 %" in shown
    assert "context tokens: + open-0 9.00 -> 6.00, + " in shown
