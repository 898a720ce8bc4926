"""What `check` tells: all that is built, and what was measured."""

from __future__ import annotations

from agentlab.core.progress import Silent
from agentlab.experiment.checking import check
from tests.experiment.noisy_run import noisy_experiment


def test_check_says_what_holds() -> None:
    checked = check(noisy_experiment(), observer=Silent())
    lines = {line.name: line for line in checked.lines}
    assert lines["experiment"].ok
    assert lines["baseline"].ok
    assert "12 tasks" in lines["test split"].detail
    assert "12 of 12 repetitions" in lines["repetition"].detail
    assert "paired comparisons show an improvement of" in lines["smallest effect"].detail
    assert lines["oracle"].detail == "success 1.00"
    assert checked.readiness is not None
    assert checked.readiness.problems == ()
