from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.core.bound import Bound
from agentlab.core.objective import GateRule, GreedyRule, Guard, Objective, PairedRule, Then


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


def test_a_metric_may_be_a_sum_written_in_any_way() -> None:
    objective = Objective(maximise=".8*success+.20*mrr", then=Then(minimise="steps"))
    assert objective.metric == "0.8*success + 0.2*mrr"
    assert objective.metrics == ("0.8*success + 0.2*mrr", "steps", "success", "mrr")
    with pytest.raises(ValidationError, match="cannot read"):
        Objective(maximise="0.8*success +")


def test_a_guard_is_a_line_or_a_margin() -> None:
    given = ["success >= 0.90", {"metric": "steps", "margin": 0.1}, "p95(wall_s)<=10"]
    objective = Objective.model_validate({"guards": given})
    assert objective.guards == (
        Bound("success", ">=", 0.9),
        Guard(metric="steps", margin=0.1),
        Bound("wall_s", "<=", 10, quantile=95),
    )
    assert objective.metrics == ("success", "steps", "wall_s")


@pytest.mark.parametrize(
    ("guards", "said"),
    [
        (["success > 0.9"], "use <= or >="),
        ([5], "valid dictionary"),
        ([{"metric": "success", "limit": 1}], "limit"),
        ("success >= 0.9", "tuple"),
    ],
)
def test_what_is_no_guard_is_refused(guards: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Objective.model_validate({"guards": guards})


def test_a_second_aim_is_an_objective_whose_first_guard_is_the_first_metric() -> None:
    bound = Bound("steps", "<=", 9)
    then = Then(minimise="context_tokens", margin=0.02)
    objective = Objective(maximise="mrr", then=then, guards=(bound,), rule=PairedRule(alpha=0.05))
    second = objective.second
    assert second is not None
    assert (second.metric, second.direction) == ("context_tokens", "lower")
    assert second.guards == (Guard(metric="mrr", margin=0.02), bound)
    assert second.rule == objective.rule
    assert second.second is None
    assert Objective().second is None


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ({}, "give `maximise` or `minimise`"),
        ({"minimise": "steps", "maximise": "mrr"}, "not both"),
        ({"maximise": "success"}, "`success` is the first metric already"),
        ({"minimise": "steps", "margin": 0}, "margin"),
        ({"minimise": "steps", "then": {"minimise": "cost_usd"}}, "then"),
    ],
)
def test_a_second_aim_is_another_metric(then: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Objective.model_validate({"then": then})


def test_what_is_written_is_read_back_and_an_objective_as_before_is_written_as_before() -> None:
    objective = Objective.model_validate(
        {"then": {"minimise": "steps"}, "guards": ["success >= 0.9", "steps <= 1.05x"]}
    )
    written = objective.model_dump(mode="json")
    assert written["guards"] == ["success >= 0.9", "steps <= 1.05x"]
    assert Objective.model_validate(written) == objective
    assert Objective.model_validate_json(objective.model_dump_json()) == objective
    assert set(Objective().model_dump()) == {"maximise", "minimise", "guards", "rule"}
