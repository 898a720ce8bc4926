"""Policies on records made by hand: 60 clusters, so that each e-value can be reckoned."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.core.promotion import BenchmarkReport, Evidence, Finding, Policy
from agentlab.core.trial import TrialRecord
from agentlab.measure.promotion import (
    DEFAULT_MARGIN,
    Terms,
    gain_alpha,
    level_of,
    margins_of,
    read_findings,
    rule,
)

MakeRecords = Callable[..., list[TrialRecord]]

TRAITS = Traits(context_meter="read_tokens")


def found(
    winner: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    objective: Objective | None = None,
    *,
    blocks: int | None = 5,
    alpha: float = 0.01,
    **margins: float,
) -> tuple[Finding, ...]:
    objective = objective or Objective()
    terms = Terms(objective, TRAITS, margins_of(objective, margins), alpha, blocks)
    return read_findings(winner, incumbent, terms)


def report(name: str, *findings: Finding, blocks: int | None = 5) -> BenchmarkReport:
    return BenchmarkReport(
        name=name,
        file=f"{name}.yaml",
        experiment="",
        fingerprint={},
        folders={},
        sandbox="plain",
        split="test",
        seeds={"t": (1, 4, 7)},
        blocks=blocks,
        trials=120,
        infra_trials=0,
        findings=findings,
    )


def test_margins_come_from_the_guards_then_the_default_and_options_are_stronger() -> None:
    objective = Objective(minimise="steps", guards=(Guard(metric="success", margin=0.02),))
    assert margins_of(objective, {}) == {"steps": DEFAULT_MARGIN, "success": 0.02}
    assert margins_of(objective, {"steps": 0.1, "nothing": 0.3}) == {"steps": 0.1, "success": 0.02}
    guarded = Objective(guards=(Guard(metric="success", margin=0.01),))
    assert margins_of(guarded, {}) == {"success": 0.01}, "one question, not two"


def test_a_gain_on_one_of_many_needs_more_evidence() -> None:
    assert gain_alpha("no_regression", 0.01, benchmarks=1) == 0.01
    assert gain_alpha("no_regression", 0.01, benchmarks=4) == 0.0025
    assert gain_alpha("beats_all", 0.01, benchmarks=4) == 0.01


def test_a_win_everywhere_is_a_gain_and_no_loss(make_records: MakeRecords) -> None:
    (finding,) = found(make_records([1.0] * 60), make_records([0.0] * 60))
    assert finding.gain is not None
    assert (finding.gain.answer, finding.no_regression.answer) == ("yes", "yes")
    # The mean over 99 bets of (1 + bet) ** 60.
    by_hand = sum((1 + bet / 100) ** 60 for bet in range(1, 100)) / 99
    assert finding.gain.e_value == pytest.approx(by_hand, rel=1e-9)
    assert (finding.gain.e_needed, finding.no_regression.e_needed) == (100, 20)
    assert finding.improvement is not None
    assert finding.improvement.estimate == 1


def test_the_same_on_all_pairs_is_no_gain_and_a_wide_margin_shows_no_loss(
    make_records: MakeRecords,
) -> None:
    same = make_records([1.0, 0.0] * 30)
    (finding,) = found(same, same, success=0.2)
    # Each cluster is worth 1 + bet * 0.2 / 0.8.
    by_hand = sum((1 + bet / 100 * 0.25) ** 60 for bet in range(1, 100)) / 99
    assert finding.no_regression.e_value == pytest.approx(by_hand, rel=1e-9)
    assert finding.no_regression.answer == "yes"
    assert finding.gain is not None
    assert finding.gain.answer == "no"
    assert finding.gain.e_value == pytest.approx(1)


def test_a_narrow_margin_stays_open_and_says_what_it_takes(make_records: MakeRecords) -> None:
    same = make_records([1.0, 0.0] * 30)
    (finding,) = found(same, same)
    no_loss = finding.no_regression
    assert no_loss.answer == "open"
    # By hand: 12 clusters a block, each worth 1 + bet * 0.05 / 0.95; evidence of 20 is needed.
    blocks = next(
        blocks
        for blocks in itertools.count(1)
        if np.mean((1 + np.linspace(0.01, 0.99, 99) * 0.05 / 0.95) ** (12 * blocks)) >= 20
    )
    assert no_loss.blocks_needed in (blocks, blocks + 1), "fewer bets are played than reckoned"
    assert found(same, same, blocks=None)[0].no_regression.blocks_needed is None


def test_losing_a_fifth_is_a_loss(make_records: MakeRecords) -> None:
    worse = make_records(([0.0] + [1.0] * 4) * 12)
    (finding,) = found(worse, make_records([1.0] * 60))
    assert finding.no_regression.answer == "no"
    # The most that it may be: mean + 1.5 standard errors, here -0.2 + 1.5 * 0.403 / sqrt(60).
    assert -0.2 + 1.5 * 0.403 / math.sqrt(60) < -0.05


def test_what_is_spent_is_a_gain_where_it_is_less(make_records: MakeRecords) -> None:
    objective = Objective(minimise="context_tokens", guards=(Guard(metric="success", margin=0.2),))
    few, many = (make_records([1.0] * 60, context=context) for context in (50, 100))
    spent, success = found(few, many, objective)
    assert (spent.metric, success.metric) == ("context_tokens", "success")
    assert spent.gain is not None
    assert spent.gain.answer == "yes"
    assert spent.improvement is not None
    assert spent.improvement.estimate == 0.5
    assert success.gain is None
    assert success.no_regression.answer == "yes"
    spent, _ = found(many, few, objective)
    assert spent.no_regression.answer == "no"


def test_what_no_pair_can_be_compared_on_is_open_for_ever(make_records: MakeRecords) -> None:
    objective = Objective(minimise="context_tokens")
    unsolved = make_records([0.0] * 60)
    (finding,) = found(unsolved, unsolved, objective)
    assert (finding.clusters, finding.improvement) == (0, None)
    assert finding.no_regression.answer == "open"
    ruling = rule("no_regression", [report("a", finding)])
    assert ruling.verdict == "undecided"
    assert "there is nothing to compare" in ruling.reasons[0].text


YES, NO, OPEN = "yes", "no", "open"


def answered(no_loss: str, gain: str | None, *, blocks_needed: int | None = None) -> Finding:
    def evidence(answer: str) -> Evidence:
        return Evidence.model_validate(
            {"answer": answer, "e_value": 5, "e_needed": 20, "blocks_needed": blocks_needed}
        )

    return Finding(
        metric="success",
        margin=0.05,
        winner=None,
        incumbent=None,
        improvement={"estimate": 0, "low": 0, "high": 0},  # type: ignore[arg-type]
        clusters=60,
        no_regression=evidence(no_loss),
        gain=evidence(gain) if gain else None,
    )


@pytest.mark.parametrize(
    ("policy", "first", "second", "verdict", "reasons"),
    [
        ("no_regression", (YES, YES), (YES, YES), "promoted", ["a", "b"]),
        ("no_regression", (YES, YES), (YES, NO), "promoted", ["a"]),
        ("no_regression", (YES, OPEN), (YES, YES), "promoted", ["b"]),
        ("no_regression", (YES, NO), (YES, NO), "refused", ["a", "b"]),
        ("no_regression", (YES, OPEN), (YES, NO), "undecided", ["a"]),
        ("no_regression", (YES, YES), (OPEN, NO), "undecided", ["b"]),
        ("no_regression", (YES, YES), (NO, NO), "refused", ["b"]),
        ("no_regression", (NO, YES), (OPEN, OPEN), "refused", ["a"]),
        ("beats_all", (YES, YES), (YES, YES), "promoted", ["a", "b"]),
        ("beats_all", (YES, YES), (YES, NO), "refused", ["b"]),
        ("beats_all", (YES, YES), (YES, OPEN), "undecided", ["b"]),
        ("beats_all", (YES, YES), (OPEN, OPEN), "undecided", ["b", "b"]),
        ("beats_all", (YES, OPEN), (NO, YES), "refused", ["b"]),
    ],
)
def test_the_policies(
    policy: Policy,
    first: tuple[str, str],
    second: tuple[str, str],
    verdict: str,
    reasons: list[str],
) -> None:
    ruling = rule(policy, [report("a", answered(*first)), report("b", answered(*second))])
    assert ruling.verdict == verdict
    assert [reason.benchmark for reason in ruling.reasons] == reasons


def test_a_broken_guard_refuses_whatever_the_objective_gains() -> None:
    ruling = rule("no_regression", [report("a", answered(YES, YES), answered(NO, None))])
    assert ruling.verdict == "refused"


def test_what_is_open_says_what_it_would_take() -> None:
    def text(blocks: int | None, needed: int | None) -> str:
        finding = answered(OPEN, YES, blocks_needed=needed)
        (reason,) = rule("no_regression", [report("a", finding, blocks=blocks)]).reasons
        return reason.text

    assert text(5, 22).endswith(
        "about 17 more seeds per task would show it: --set measure.final_blocks=22"
    )
    assert text(5, None).endswith("no number of seeds in sight would show it")
    assert text(None, None).endswith("a fixed data set has no more to give")


ANSWERS = st.sampled_from([YES, NO, OPEN])
FINDINGS = st.builds(answered, ANSWERS, ANSWERS)


@given(st.lists(FINDINGS, min_size=1, max_size=4))
def test_what_beats_all_has_no_regression_and_a_loss_is_never_promoted(
    findings: list[Finding],
) -> None:
    reports = [report(f"b{n}", finding) for n, finding in enumerate(findings)]
    mild, strict = (rule(policy, reports).verdict for policy in ("no_regression", "beats_all"))
    if strict == "promoted":
        assert mild == "promoted"
    if mild == "promoted":
        assert all(finding.no_regression.answer == YES for finding in findings)
        assert any(finding.gain and finding.gain.answer == YES for finding in findings)
    if any(finding.no_regression.answer == NO for finding in findings):
        assert mild == strict == "refused"
    assert rule("no_regression", reports[::-1]).verdict == mild, "the order does not matter"


def test_bounds_in_multiples_give_a_margin_and_bounds_in_numbers_none() -> None:
    lines = ["success >= 0.98x", "context_tokens <= 1.1x", "steps <= 0.5x", "wall_s <= 9"]
    objective = Objective.model_validate({"then": {"minimise": "cpu_s"}, "guards": lines})
    assert margins_of(objective, {}) == pytest.approx(
        {
            "success": 0.02,
            "cpu_s": DEFAULT_MARGIN,
            "context_tokens": 0.1,
            "steps": DEFAULT_MARGIN,
            "wall_s": DEFAULT_MARGIN,
        }
    )


def test_either_aim_may_be_the_gain_at_half_the_level(make_records: MakeRecords) -> None:
    objective = Objective.model_validate({"then": {"minimise": "context_tokens"}})
    solved = [1.0] * 120
    success, context = found(
        make_records(solved, context=50), make_records(solved, context=100), objective
    )
    assert success.gain is not None
    assert context.gain is not None
    assert (success.gain.answer, context.gain.answer) == ("no", "yes")
    assert level_of(objective) == level_of(Objective()) / 2
    assert rule("no_regression", [report("a", success, context)]).verdict == "promoted"


def test_a_sum_is_promoted_in_its_own_unit(make_records: MakeRecords) -> None:
    objective = Objective(maximise="4*success + 2*progress")
    mine, theirs = make_records([1.0] * 60, progress=1.0), make_records([0.0] * 60, progress=0.0)
    (finding,) = found(mine, theirs, objective)
    assert finding.improvement is not None
    assert finding.improvement.estimate == 6.0
    assert finding.gain is not None
    assert finding.gain.answer == "yes"
