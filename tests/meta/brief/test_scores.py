"""The parent's scores with their noise."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome
from agentlab.meta.brief.scores import score_lines, task_scores
from tests.meta.lab.workshop import record

ONE = Candidate(files={"agent.py": b"1"})


def test_a_mean_is_shown_with_its_standard_error() -> None:
    records = [record(ONE, "a", float(n % 2), seed=n) for n in range(4)]

    assert score_lines(records, Objective()).splitlines() == [
        "success 0.5 +- 0.289 over 4 trials",
        "- a: success 0.50 (2 failed, 2 solved)",
    ]


def test_the_weakest_task_comes_first_and_what_our_side_lost_is_no_failure() -> None:
    records = [
        record(ONE, "a", 1.0),
        record(ONE, "b", 0.0),
        record(ONE, "c", 0.0, fate=Fate.INFRA),
    ]

    assert [score.task for score in task_scores(records)] == ["b", "a"]


def test_a_parent_that_was_not_measured_says_so() -> None:
    assert "Nothing" in score_lines([], Objective())


def test_what_the_environment_says_of_a_failure_stands_beside_its_task() -> None:
    failed = record(ONE, "a", 0.0).model_copy(
        update={"outcome": Outcome(success=0.0, feedback="hit the wall\nand fell")}
    )

    assert "- a: success 0.00 (1 failed): hit the wall" in score_lines([failed], Objective())
