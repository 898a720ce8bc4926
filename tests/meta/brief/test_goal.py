"""The goal and the rules in words."""

from __future__ import annotations

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.objective import Guard, Objective, Then
from agentlab.meta.brief.goal import budget_words, goal_words, rule_words


def test_the_goal_names_metric_direction_and_guards() -> None:
    words = goal_words(
        Objective(
            minimise="steps",
            guards=(Guard(metric="success", margin=0.02),),
            then=Then(minimise="cost_usd"),
        )
    )

    assert "`steps` gets better (lower is better)" in words
    assert "`success` does not get worse by more than 0.02" in words
    assert "a better `cost_usd`" in words


def test_the_rules_name_what_may_be_edited_and_that_evaluation_is_hidden(
    baseline: Candidate,
) -> None:
    words = rule_words(TargetSpec(packages=("numpy",)), baseline)

    assert "You may edit agent.py" in words
    assert "Frozen: frozen.txt" in words
    assert "numpy" in words
    assert "hidden evaluation" in words


def test_what_is_left_is_told_by_its_name() -> None:
    assert budget_words({"candidates": 3.0, "cost_usd": 1.5}) == (
        "Left of the run: 3 proposals, 1.5 US dollars."
    )
    assert budget_words({}) == "The run ends by time."
