from __future__ import annotations

import math

from agentlab.core.ceiling import Yardsticks
from agentlab.core.decision import Verdict
from agentlab.core.result import Detectable, RunResult, SplitScores
from agentlab.measure.best_per_task import TaskScores
from agentlab.measure.ceiling import Findings, ceiling_of
from tests.measure.decided import decided, estimate, sampled
from tests.measure.test_best_per_task import scores_of, trial
from tests.measure.test_next_steps import setting


def findings(**changes: object) -> Findings:
    result = RunResult(
        run="r",
        status="completed",
        verdict="",
        winner_digest="c1",
        baseline=SplitScores(validation={"success": estimate(0.5)}),
        winner=SplitScores(validation={"success": estimate(0.6)}),
        detectable=Detectable(metric="success", improvement=0.08, is_relative=False, pairs=400),
    )
    decisions = (decided(1, Verdict.KEPT, "gate", tested=sampled(0.2, 0.4)), decided(2))
    usual = Findings(result, decisions, TaskScores(), {1: "numbers"}, has_numbers=True)
    return usual._replace(**changes)  # type: ignore[arg-type]


def test_the_report_is_put_together_from_what_the_run_left() -> None:
    ceiling = ceiling_of(findings(), setting())
    assert (ceiling.verdict, ceiling.rule) == ("keep going", "not flat")
    assert ceiling.bounds.baseline == estimate(0.5)
    assert ceiling.bounds.winner == estimate(0.6)
    assert ceiling.mechanisms[0].proposals == 2
    assert "below +0.08 may have been missed" in ceiling.reasons[1]
    assert ceiling.steps


def test_the_noise_floor_is_measured_or_else_taken_from_the_gate() -> None:
    floor = ceiling_of(findings(), setting()).bounds.noise_floor
    assert floor is not None
    # By hand: 1.96 times 0.4, over the root of 400 pairs.
    assert math.isclose(floor, 0.0392, abs_tol=1e-4)
    known = findings(yardsticks=Yardsticks(floors={"success": 0.03}))
    assert ceiling_of(known, setting()).bounds.noise_floor == 0.03


def test_yardsticks_decide_where_they_are_known() -> None:
    oracle = ceiling_of(findings(yardsticks=Yardsticks(oracle=0.6, null=0.1)), setting())
    assert oracle.verdict == "benchmark saturated"
    assert (oracle.bounds.oracle, oracle.bounds.null) == (0.6, 0.1)
    assert len(oracle.reasons) == 2
    blind = ceiling_of(findings(yardsticks=Yardsticks(null=0.58)), setting())
    assert "a program that does nothing solves 0.58" in blind.reasons[-1]


def test_what_was_found_apart_is_seen_in_the_trials() -> None:
    records = [
        trial(candidate, f"t{task}", seed, float((task % 2 == 0) == (candidate == "c1")))
        for candidate in ("c1", "c2")
        for task in range(12)
        for seed in range(4)
    ]
    ceiling = ceiling_of(findings(scores=scores_of(*records)), setting())
    assert (ceiling.verdict, ceiling.rule) == ("keep going", "found apart")
    assert ceiling.bounds.best_per_task_highest == 1.0


def test_a_run_without_anything_still_has_a_report() -> None:
    empty = RunResult(run="r", status="completed", verdict="")
    ceiling = ceiling_of(findings(result=empty, decisions=()), setting())
    assert (ceiling.verdict, ceiling.rule) == ("keep going", "nothing compared")
    assert ceiling.bounds.noise_floor is None
