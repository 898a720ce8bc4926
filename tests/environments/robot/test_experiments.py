"""The experiments that ship, with a few proposals each: enough for the first that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Verdict
from agentlab.experiment.load import find_experiment, load_experiment
from tests.experiment.in_process import decisions_in, run_in_process

TINY = (
    "budget.candidates=4",
    "budget.wall_s=null",
    "measure.final_blocks=2",
    "measure.min_clusters=12",
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "seed", "source"), [("robot_place", 5, "numeric"), ("robot", 1, "ideas")]
)
def test_its_first_keep_lifts_the_sealed_test(
    name: str, seed: int, source: str, tmp_path: Path
) -> None:
    experiment = load_experiment(find_experiment(name), [*TINY, f"seed={seed}"])
    result = run_in_process(experiment, tmp_path / "run")
    (kept,) = (one for one in decisions_in(tmp_path / "run") if one.verdict is Verdict.KEPT)

    assert kept.source == source
    assert result.verdict.startswith("improved")
    assert result.baseline.test["success"].estimate <= 0.2
    assert result.winner.test["success"].estimate >= 0.9
