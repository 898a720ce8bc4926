"""Scores with intervals, and differences between two candidates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.core.decision import Estimate
from agentlab.core.environment import Metric, Traits
from agentlab.core.trial import TrialRecord
from agentlab.measure.scores import CONTEXT_PER_SOLVED, differences, reported_metrics, scores

MakeRecords = Callable[..., list[TrialRecord]]
TRAITS = Traits(context_meter="read_tokens", metrics=(Metric(name="mrr", direction="higher"),))


def test_what_a_world_does_not_have_is_not_reported() -> None:
    assert reported_metrics(Traits()) == ("success", "steps")
    assert reported_metrics(TRAITS) == ("success", "context_tokens", "steps", "mrr")


def test_context_per_solved_charges_the_failures_too(make_records: MakeRecords) -> None:
    found = scores(make_records([1.0, 0.0], context=[100, 300]), TRAITS)
    assert found["context_tokens"].estimate == 200
    assert found[CONTEXT_PER_SOLVED].estimate == pytest.approx(400)


def test_nothing_solved_has_no_context_per_solved(make_records: MakeRecords) -> None:
    assert CONTEXT_PER_SOLVED not in scores(make_records([0.0, 0.0]), TRAITS)


def test_a_metric_that_no_trial_has_is_left_out(make_records: MakeRecords) -> None:
    assert "mrr" not in scores(make_records([1.0]), TRAITS)


def test_the_difference_of_a_candidate_to_itself_is_zero(make_records: MakeRecords) -> None:
    records = make_records([1.0, 0.0, 1.0])
    found = differences(records, records, TRAITS)
    assert list(found.values()) == [Estimate(estimate=0, low=0, high=0)] * len(found)


def test_the_difference_of_two_that_came_out_alike_is_uncertain(make_records: MakeRecords) -> None:
    records = make_records([1.0, 0.0, 1.0])
    found = differences(records, make_records([1.0, 0.0, 1.0], candidate="d"), TRAITS)
    assert found["success"].estimate == 0
    assert found["success"].low < 0 < found["success"].high


def test_where_both_solve_only_those_pairs_count(make_records: MakeRecords) -> None:
    found = differences(
        make_records([1.0, 0.0], context=[10, 1]),
        make_records([1.0, 1.0], context=[30, 30]),
        TRAITS,
        both_solved=True,
    )
    assert found["context_tokens"].estimate == -20


def test_sums_come_first_and_what_else_is_asked_for_last(make_records: MakeRecords) -> None:
    also = ("success + progress", "success", "progress", "wall_s")
    assert reported_metrics(Traits(), also) == (
        "success + progress",
        "success",
        "steps",
        "progress",
        "wall_s",
    )
    found = scores(make_records([1.0, 0.0], progress=0.5), Traits(), also=also)
    assert (found["success + progress"].estimate, found["progress"].estimate) == (1.0, 0.5)
