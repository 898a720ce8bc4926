"""One sentence that says what was found."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Estimate
from agentlab.core.objective import Objective
from agentlab.core.result import SplitScores
from agentlab.measure.verdict import verdict_of


def verdict(metric: str, objective: Objective, low: float, high: float, *, kept: int = 1) -> str:
    middle = (low + high) / 2
    score = SplitScores(test={metric: Estimate(estimate=0.5, low=0.4, high=0.6)})
    change = SplitScores(test={metric: Estimate(estimate=middle, low=low, high=high)})
    return verdict_of(
        objective,
        kept=kept,
        baseline=score,
        winner=score,
        difference=change,
        solved_by_both=SplitScores(test={metric: Estimate(estimate=0, low=0, high=0)}),
    )


@pytest.mark.parametrize(
    ("low", "high", "begins"),
    [(0.1, 0.3, "improved"), (-0.1, 0.3, "not confirmed"), (-0.3, -0.1, "worse than the baseline")],
)
def test_the_interval_decides(low: float, high: float, begins: str) -> None:
    assert verdict("success", Objective(), low, high).startswith(begins)


def test_fewer_is_better_where_the_objective_says_so() -> None:
    objective = Objective(minimise="context_tokens")
    assert verdict("context_tokens", objective, -300, -100).startswith("improved")
    assert verdict("context_tokens", objective, 100, 300).startswith("worse")


def test_of_something_spent_it_says_what_was_saved_where_both_solve() -> None:
    objective = Objective(minimise="context_tokens")
    said = verdict("context_tokens", objective, -300, -100)
    assert said.endswith("where both solve no difference")
    assert "both solve" not in verdict("success", Objective(), 0.1, 0.3)


def test_nothing_kept_is_said() -> None:
    assert verdict("success", Objective(), 0.0, 0.0, kept=0).startswith("nothing kept")


def test_what_could_not_be_measured_is_said() -> None:
    empty = SplitScores()
    said = verdict_of(
        Objective(),
        kept=1,
        baseline=empty,
        winner=empty,
        difference=empty,
        solved_by_both=empty,
    )
    assert "could not be measured" in said
