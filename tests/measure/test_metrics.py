"""Reading metrics off trials."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.core.environment import Metric, Traits
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError
from agentlab.measure.metrics import (
    is_spending,
    lower_is_better,
    readings,
    require_metric,
    undeclared,
)

MakeRecords = Callable[..., list[TrialRecord]]
TRAITS = Traits(
    context_meter="read_tokens",
    metrics=(Metric(name="mrr", direction="higher"), Metric(name="drops", direction="lower")),
)


def test_a_crash_has_success_zero_and_no_metric_of_its_own(make_records: MakeRecords) -> None:
    (crashed,) = make_records([0.0], fate=Fate.CRASHED)
    assert [reading.value for reading in readings(crashed, "success")] == [0.0]
    assert list(readings(crashed, "mrr")) == []


def test_a_trial_lost_to_our_side_has_no_reading(make_records: MakeRecords) -> None:
    (lost,) = make_records([None])
    assert list(readings(lost, "success")) == []


def test_each_item_of_a_batch_is_its_own_unit_in_its_own_cluster() -> None:
    items = tuple(
        ItemOutcome(id=f"q{n}", cluster=f"group{n % 2}", success=n / 4, metrics={"mrr": n / 8})
        for n in range(4)
    )
    record = TrialRecord(
        key="k", bench="b", candidate="c", task="t", cluster="whole", fate=Fate.FAILED,
        outcome=Outcome(success=0.4, items=items), usage=Usage(context_tokens=7),
    )  # fmt: skip
    found = list(readings(record, "mrr"))
    assert [reading.value for reading in found] == [0.0, 0.125, 0.25, 0.375]
    assert {reading.cluster for reading in found} == {"group0", "group1"}
    assert len({reading.unit for reading in found}) == 4
    # What was spent was spent by the trial, not by an item.
    assert [reading.value for reading in readings(record, "context_tokens")] == [7.0]


def test_directions_come_from_the_environment() -> None:
    assert lower_is_better("drops", TRAITS)
    assert not lower_is_better("mrr", TRAITS)
    assert lower_is_better("steps", TRAITS)
    assert not is_spending("success")


@pytest.mark.parametrize(
    ("metric", "said"),
    [("sucess", "did you mean 'success'"), ("cost_usd", "no cost"), ("ndcg", "there are success")],
)
def test_a_metric_that_is_not_there_is_an_error(metric: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        require_metric(metric, TRAITS, "objective")


def test_context_without_a_meter_is_an_error() -> None:
    with pytest.raises(InputError, match="no context meter"):
        require_metric("context_tokens", Traits(), "objective")


def test_the_parts_of_a_sum_must_all_be_there() -> None:
    require_metric("0.5*success + 0.5*progress", TRAITS, "objective")
    with pytest.raises(InputError, match=r"no metric 'progres'.*did you mean 'progress'"):
        require_metric("0.5*success + 0.5*progres", TRAITS, "objective")


def test_undeclared_is_what_a_trial_or_an_item_reports_and_the_traits_leave_out() -> None:
    item = ItemOutcome(id="q", cluster="g", success=1, metrics={"mrr": 1.0, "depth": 3.0})
    outcome = Outcome(success=1, metrics={"drops": 2.0, "speed": 1.0, "progress": 1}, items=(item,))
    record = TrialRecord(
        key="k", bench="b", candidate="c", task="t", cluster="whole", fate=Fate.SOLVED,
        outcome=outcome, usage=Usage(),
    )  # fmt: skip
    assert undeclared([record, record], TRAITS) == ("speed", "depth")
    assert undeclared([record], Traits()) == ("drops", "speed", "mrr", "depth")


def test_an_unknown_metric_is_told_where_it_would_be_declared() -> None:
    with pytest.raises(InputError, match=r"declares it in traits\.metrics: Metric\(name='ndcg', "):
        require_metric("ndcg", TRAITS, "objective.maximise")
