from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.core.objective import GateRule, GreedyRule, Guard, Objective, PairedRule


@pytest.mark.parametrize(
    ("objective", "metric", "direction"),
    [
        (Objective(), "success", "higher"),
        (Objective(maximise="reward"), "reward", "higher"),
        (Objective(minimise="context_tokens"), "context_tokens", "lower"),
    ],
)
def test_an_objective_is_one_metric_and_a_direction(
    objective: Objective, metric: str, direction: str
) -> None:
    assert (objective.metric, objective.direction) == (metric, direction)


def test_up_and_down_at_once_is_refused() -> None:
    with pytest.raises(ValidationError, match="not both"):
        Objective(maximise="success", minimise="steps")


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_a_level_lies_between_nothing_and_certainty(alpha: float) -> None:
    with pytest.raises(ValidationError, match="alpha"):
        PairedRule(alpha=alpha)


@pytest.mark.parametrize("margin", [0, 1])
def test_a_guard_without_a_margin_could_never_be_shown_and_with_all_of_it_never_fail(
    margin: float,
) -> None:
    with pytest.raises(ValidationError, match="margin"):
        Guard(metric="success", margin=margin)


def test_a_rule_may_be_a_name_alone() -> None:
    assert Objective.model_validate({"rule": "greedy"}).rule == GreedyRule(name="greedy")
    assert Objective.model_validate({"rule": "paired"}).rule == PairedRule()


def test_a_rule_without_a_name_is_paired() -> None:
    found = Objective.model_validate({"rule": {"alpha": 0.05, "siblings": 2}}).rule
    assert found == PairedRule(alpha=0.05, siblings=2)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("fair", "paired"),
        ({"name": "greedy", "alpha": 0.1}, "alpha"),
        ({"name": "strict", "alpha": 0.1}, "alpha"),
        ({"delta": 0.1}, "delta"),
        ("min_delta", "delta"),
        ({"name": "min_delta", "delta": 0}, "greater than 0"),
        (5, "rule"),
    ],
)
def test_a_rule_has_the_fields_that_it_has(rule: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Objective.model_validate({"rule": rule})


def test_fixed_data_have_the_rule_for_fixed_data_unless_one_is_given() -> None:
    gate = Objective().for_data(is_seeded=False)
    assert gate.rule == GateRule(name="gate")
    assert Objective().for_data(is_seeded=True).rule == PairedRule()
    asked = Objective.model_validate({"rule": "paired"})
    assert asked.for_data(is_seeded=False).rule == PairedRule()


def test_the_rule_that_was_taken_is_still_there_when_it_is_read_back() -> None:
    for is_seeded in (True, False):
        taken = Objective().for_data(is_seeded=is_seeded)
        again = Objective.model_validate(taken.model_dump(mode="json"))
        assert again.for_data(is_seeded=False).rule == taken.rule
