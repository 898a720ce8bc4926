"""A run that ended well, written by someone who would like to be shown unescaped."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Decision, Estimate, Verdict
from agentlab.core.result import CandidateCounts, Comparison, RunResult, SplitScores
from agentlab.report.record import RunRecord

HOSTILE = (
    "\x1b[2J\x1b]8;;http://evil\x07click\u202e <img src=x> [a](http://b) | `c` **d**\r\nsecond"
)


def estimate(value: float, half: float) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half)


def decision(number: int, verdict: Verdict, **more: object) -> Decision:
    given = {
        "candidate": f"c{number}",
        "incumbent": "c0",
        "source": "ideas",
        "label": f"idea {number}",
        "stage": "gate",
        "reason": "because",
        "differences": {"success": estimate(0.17, 0.06)},
        "e_value": 334.2,
        "pairs": 240,
        "trials": 480,
    }
    return Decision.model_validate({"number": number, "verdict": verdict, **given, **more})


@pytest.fixture
def compared_record(hostile_record: RunRecord) -> RunRecord:
    """Returns the run with a column for another search, for as many trials."""
    scores = {"success": estimate(0.64, 0.06), "context_tokens_per_solved": estimate(19_000, 900)}
    other = Comparison(
        name="random",
        trials=1012,
        trials_given=1000,
        proposals=81,
        kept=9,
        scores=SplitScores(validation=scores, test=scores),
        lead=SplitScores(test={"success": estimate(0.13, 0.05)}),
    )
    result = hostile_record.result.model_copy(update={"baselines": (other,)})
    return hostile_record._replace(result=result)


@pytest.fixture
def hostile_record(tmp_path: Path) -> RunRecord:
    """Returns a finished run whose candidate-written text attacks whatever shows it."""
    kept = decision(1, Verdict.KEPT, label=HOSTILE, reason=HOSTILE)
    lost = decision(
        2, Verdict.DISCARDED, stage="halving", e_value=None, pairs=12, trials=24, label="two"
    )
    before = {
        "success": estimate(0.6, 0.06),
        "context_tokens": estimate(12_345, 600),
        "cost_usd": estimate(0.00123, 0.0001),
        "steps": estimate(5.5, 0.4),
        "context_tokens_per_solved": estimate(20_000, 900),
    }
    after = {**before, "success": estimate(0.77, 0.05)}
    change = {
        "success": estimate(0.17, 0.06),
        "context_tokens": estimate(-3, 200),
        "cost_usd": estimate(0, 0),
        "steps": estimate(0.1, 0.3),
    }
    result = RunResult(
        run="browser-20260101-000000",
        status="completed",
        verdict="improved: success 0.6 -> 0.77 on the sealed test",
        baseline=SplitScores(validation=before, test=before),
        winner=SplitScores(validation=after, test=after),
        difference=SplitScores(validation=change, test=change),
        solved_by_both=SplitScores(test={"context_tokens": estimate(-40, 10)}),
        winner_digest="c1",
        kept=(kept,),
        candidates=CandidateCounts(proposed=2, kept=1, discarded=1),
        trials=1000,
        infra_trials=3,
        wall_s=432.1,
        stopped_by="budget: wall_s",
        sandbox="plain",
    )
    (tmp_path / "report.md").touch()
    return RunRecord(
        result=result,
        decisions=(kept, lost),
        hypotheses={"c1": HOSTILE},
        metric="success",
        cost_kind="simulated",
        folder=tmp_path,
    )
