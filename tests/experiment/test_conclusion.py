"""What the result of a run tells at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.result import RunResult
from tests.experiment.in_process import decisions_in, run_in_process
from tests.experiment.noisy_run import noisy_experiment


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Path]:
    folder = tmp_path_factory.mktemp("ended")
    return run_in_process(noisy_experiment(), folder), folder


def test_it_adds_up(ended: tuple[RunResult, Path]) -> None:
    result, folder = ended
    decisions = decisions_in(folder)
    counts = result.candidates
    assert counts.proposed == len(decisions)
    assert counts.proposed == counts.kept + counts.discarded + counts.undecided + counts.invalid
    assert result.deciding_trials == sum(one.trials for one in decisions) < result.trials
    assert [one.number for one in result.kept] == [
        one.number for one in decisions if one.verdict == "kept"
    ]


def test_both_sides_have_the_same_metrics_on_the_same_splits(
    ended: tuple[RunResult, Path],
) -> None:
    result, _ = ended
    assert set(result.baseline.test) == set(result.winner.test)
    assert set(result.baseline.validation) == set(result.winner.validation)


def test_what_was_known_beforehand_bounds_the_ceiling(ended: tuple[RunResult, Path]) -> None:
    result, _ = ended
    assert result.readiness is not None
    assert result.ceiling is not None
    assert result.ceiling.bounds.oracle == result.readiness.oracle == 1.0
    assert result.ceiling.bounds.null == result.readiness.null


def test_what_survives_is_told_only_where_something_was_kept(
    ended: tuple[RunResult, Path], tmp_path: Path
) -> None:
    result, _ = ended
    assert result.kept
    assert {one.metric for one in result.survival} == {"success"}
    nothing = run_in_process(
        noisy_experiment(objective={"rule": {"alpha": 1e-9, "max_blocks": 2}}, accept=["noise"]),
        tmp_path / "nothing",
    )
    assert (nothing.kept, nothing.survival) == ((), ())
    assert nothing.verdict.startswith("nothing kept")
