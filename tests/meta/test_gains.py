"""What a proposal gained on train tasks."""

from __future__ import annotations

import pytest

from agentlab.core.objective import Objective, Then
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.meta.gains import Gain, gain, gain_by_task
from tests.meta.plain_lab import PlainLab


def record(
    candidate: str,
    task: str,
    success: float,
    *,
    progress: float | None = None,
    steps: int = 0,
    fate: Fate = Fate.FAILED,
    **metrics: float,
) -> TrialRecord:
    judged = Outcome(success=success, progress=progress, metrics=metrics)
    return TrialRecord(
        key=f"{candidate}{task}",
        bench="b",
        candidate=candidate,
        task=task,
        fate=fate,
        outcome=judged if fate.is_judged else None,
        usage=Usage(steps=steps),
    )


def test_only_pairs_that_both_were_measured_on_count(lab: PlainLab) -> None:
    lab.records["old"] = [record("old", "a", 0.0), record("old", "b", 1.0)]
    lab.records["new"] = [record("new", "a", 1.0), record("new", "c", 0.0)]
    assert gain(lab, "new", "old") == Gain(1.0, 1.0, 1.0, 1)
    assert gain(lab, "new", "nobody") == Gain(0.0, 0.0, 0.0, 0)


def test_progress_moves_where_success_does_not_and_is_success_where_there_is_none(
    lab: PlainLab,
) -> None:
    lab.records["old"] = [record("old", "a", 0.0, progress=0.25), record("old", "b", 0.0)]
    lab.records["new"] = [record("new", "a", 0.0, progress=0.75), record("new", "b", 1.0)]
    found = gain(lab, "new", "old")
    assert (found.success, found.progress) == (0.5, 0.75)
    assert not found.is_harmful
    assert gain(lab, "old", "new").is_harmful


def test_what_our_side_lost_does_not_count_and_what_broke_does(lab: PlainLab) -> None:
    lab.records["old"] = [record("old", "a", 1.0), record("old", "b", 1.0)]
    lab.records["new"] = [
        record("new", "a", 0.0, fate=Fate.INFRA),
        record("new", "b", 0.0, fate=Fate.CRASHED),
    ]
    assert gain(lab, "new", "old") == Gain(-1.0, -1.0, -1.0, 1)


@pytest.mark.parametrize(
    ("objective", "wanted"),
    [
        (Objective(minimise="steps"), 0.5),
        (Objective(maximise="steps"), -0.5),
        (Objective(minimise="energy"), -0.25),
    ],
)
def test_the_objective_is_relative_and_spending_counts_where_both_solve(
    lab: PlainLab, objective: Objective, wanted: float
) -> None:
    lab.objective = objective
    lab.records["old"] = [
        record("old", "a", 1.0, steps=10, energy=4.0),
        record("old", "b", 0.0, steps=10, energy=4.0),
    ]
    lab.records["new"] = [
        record("new", "a", 1.0, steps=5, energy=4.0),
        record("new", "b", 0.0, steps=1, energy=8.0),
    ]
    assert gain(lab, "new", "old").objective == wanted


def test_a_gain_can_be_told_task_by_task(lab: PlainLab) -> None:
    lab.records["old"] = [record("old", "a", 0.0), record("old", "b", 1.0)]
    lab.records["new"] = [record("new", "a", 1.0), record("new", "b", 1.0)]
    found = gain_by_task(lab, "new", "old")
    assert {task: one.success for task, one in found.items()} == {"a": 1.0, "b": 0.0}


def test_a_sum_is_compared_as_it_is_and_what_comes_second_where_the_first_stays(
    lab: PlainLab,
) -> None:
    lab.objective = Objective(maximise="0.5*success - 0.1*energy")
    lab.records["old"] = [record("old", "a", 1.0, steps=10, energy=4.0)]
    lab.records["new"] = [record("new", "a", 1.0, steps=5, energy=2.0)]
    assert gain(lab, "new", "old").objective == pytest.approx(0.2)
    lab.objective = Objective(then=Then(minimise="steps"))
    assert gain(lab, "new", "old").objective == 0.5
    lab.records["new"] = [record("new", "a", 0.0, steps=5, energy=2.0)]
    assert gain(lab, "new", "old").objective == -1.0
