"""One sentence that says what was found."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Estimate
from agentlab.core.objective import Objective, Then
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


def of_two(first: tuple[float, float], second: tuple[float, float]) -> str:
    """Returns the verdict on success and context whose differences have these ends."""
    ends = {"success": first, "context_tokens": second}
    score = SplitScores(test={metric: Estimate(estimate=0.5, low=0.4, high=0.6) for metric in ends})
    change = SplitScores(
        test={
            metric: Estimate(estimate=(low + high) / 2, low=low, high=high)
            for metric, (low, high) in ends.items()
        }
    )
    return verdict_of(
        Objective(then=Then(minimise="context_tokens", margin=0.05)),
        kept=1,
        baseline=score,
        winner=score,
        difference=change,
        solved_by_both=change,
    )


@pytest.mark.parametrize(
    ("first", "second", "begins"),
    [
        ((0.1, 0.3), (100, 300), "improved: success 0.5 -> 0.5"),
        (
            (-0.04, 0.02),
            (-300, -100),
            "improved: same success, 40000 % fewer context tokens: context_tokens 0.5 -> 0.5",
        ),
        ((-0.04, -0.01), (-300, -100), "improved: same success, 40000 % fewer context tokens"),
        ((-0.06, 0.02), (-300, -100), "not confirmed: success"),
        ((-0.04, 0.02), (-300, 100), "not confirmed: success"),
        ((-0.2, -0.1), (-300, -100), "worse than the baseline: success"),
    ],
)
def test_the_second_aim_counts_where_the_first_is_no_worse(
    first: tuple[float, float], second: tuple[float, float], begins: str
) -> None:
    said = of_two(first, second)
    assert said.startswith(begins)
    assert "context_tokens" in said or first[0] > 0 or first[1] < 0


def test_where_nothing_was_kept_both_aims_are_named() -> None:
    objective = Objective(then=Then(minimise="steps"))
    said = verdict("success", objective, 0.0, 0.0, kept=0)
    assert said.endswith("no proposal was shown to improve success or steps")
