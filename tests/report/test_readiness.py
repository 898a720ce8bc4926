"""What is known before the first proposal, in words."""

from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.readiness import MetricNoise, Plan, Problem, Readiness
from agentlab.core.result import Detectable
from agentlab.report.findings import accepted_lines, outlook_lines
from agentlab.report.markdown import to_markdown
from agentlab.report.readiness import ReadyLine, plan_line, readiness_lines
from agentlab.report.record import RunRecord

NOISE = MetricNoise(
    metric="success",
    mean=0.31,
    repeated=0.0,
    reseeded=0.65,
    edited=0.33,
    pairing=0.742,
    floor=0.082,
)
PLAN = Plan(
    improvement=0.05,
    tasks=10,
    seeds=37,
    has_fresh_seeds=True,
    trials=740,
    needed_s=185.0,
    cost_usd=0.123,
    cost_kind="simulated",
)
READY = Readiness(
    trials=102,
    success=Estimate(estimate=0.31, low=0.2, high=0.45),
    is_deterministic=True,
    repeated_pairs=12,
    differing_pairs=0,
    edits=2,
    noise=(NOISE,),
    metric="success",
    detectable=0.097,
    is_relative=False,
    pairs=240,
    plan=PLAN,
    null=0.0,
    oracle=None,
)
BAD = Problem(about="guards", said="steps cannot be shown \x1b[2J")


def lines(**changes: object) -> dict[str, ReadyLine]:
    return {line.name: line for line in readiness_lines(READY.model_copy(update=changes))}


def test_each_thing_has_its_line() -> None:
    assert {name: line.detail for name, line in lines().items()} == {
        "noise, success": "mean 0.31; two measurements of the same agent, on other seeds, lie up "
        "to 0.082 apart; common seeds take away 74 % of the noise (by 2 typed edits)",
        "repetition": "the same outcome in 12 of 12 repetitions, as the environment says; noise is "
        "what differs between seeds",
        "smallest effect": "240 paired comparisons show an improvement of +0.097 four times out of "
        "five, with the noise of typed edits",
        "null agent": "success 0.00",
        "oracle": "the environment offers none",
        "to see half of it": "to see +0.05 takes 10 tasks x 37 seeds: 740 trials, about "
        "3 min 5 s and 0.12 USD (simulated) for each candidate at the gate",
    }
    assert all(line.ok for line in lines().values())


def test_a_problem_takes_the_place_of_what_was_measured_and_fails() -> None:
    null = Problem(about="null agent", said="it solves")
    found = lines(problems=(null, BAD))
    assert found["null agent"] == ReadyLine("null agent", False, "it solves")
    assert not found["guards"].ok
    assert found["oracle"].ok


def test_what_was_accepted_does_not_fail_and_says_so() -> None:
    found = lines(problems=(BAD,), is_accepted=True)
    assert found["guards"].ok
    assert found["guards"].detail.endswith("(accepted)")


def test_a_world_with_noise_of_its_own_is_told_from_repetition() -> None:
    loud = NOISE.model_copy(update={"repeated": 0.4, "edited": None, "pairing": -0.1})
    found = lines(is_deterministic=False, differing_pairs=3, noise=(loud,))
    assert "on the same seeds" in found["noise, success"].detail
    assert "common seeds add 10 % of the noise (by repetition)" in found["noise, success"].detail
    assert found["repetition"].detail == "the same outcome in 9 of 12 repetitions"
    assert found["smallest effect"].detail.endswith("of other seeds, as no edit told more")


def test_what_could_not_be_measured_says_why() -> None:
    found = lines(repeated_pairs=0, null=None, detectable=None)
    assert "budget is too small" in found["repetition"].detail
    assert "budget is too small" in found["null agent"].detail
    assert "not even the largest" in found["smallest effect"].detail


def test_what_is_not_known_is_not_called_ok() -> None:
    found = lines(repeated_pairs=0, null=None, detectable=None, beyond=("steps <= 3",))
    assert {name: line.word for name, line in found.items() if line.word} == {
        "repetition": "unknown",
        "null agent": "unknown",
        "oracle": "none",
        "guards": "warning",
    }
    assert lines(oracle=1.0)["oracle"].word == ""
    assert lines(problems=(BAD,), is_accepted=True)["guards"].word == "accepted"
    assert lines(problems=(BAD,))["guards"].word == "", "it fails"


def test_metrics_that_are_not_declared_are_told_and_refuse_nothing() -> None:
    assert "undeclared" not in lines()
    line = lines(undeclared=("speed", "de\x1bpth"))["undeclared"]
    assert line.ok
    assert line.word == "warning"
    assert line.detail.startswith(
        "reported by the environment's judge but not declared in its traits.metrics: speed, "
        r"de\x1bpth; "
    )


def test_one_of_a_kind_is_told_in_the_singular() -> None:
    one = PLAN.model_copy(update={"tasks": 1, "seeds": 1, "trials": 1})
    found = lines(edits=1, pairs=1, repeated_pairs=1, plan=one)
    assert "1 task x 1 seed: 1 trial," in found["to see half of it"].detail
    assert found["smallest effect"].detail.startswith("1 paired comparison ")
    assert "(by 1 typed edit)" in found["noise, success"].detail
    assert found["repetition"].detail.startswith("the same outcome in 1 of 1 repetition,")


def test_a_plan_out_of_reach_names_no_number() -> None:
    def told(**changes: object) -> str:
        plan = PLAN.model_copy(update=changes)
        return plan_line(READY.model_copy(update={"plan": plan}))

    assert "more than 20 times" in told(seeds=None, trials=None, needed_s=None)
    assert "fixed data" in told(has_fresh_seeds=False)
    assert "USD" not in told(cost_usd=None)


def test_the_report_tells_it_once_and_escaped(hostile_record: RunRecord) -> None:
    known = READY.model_copy(update={"problems": (BAD,), "is_accepted": True})
    result = hostile_record.result.model_copy(update={"readiness": known})
    page = to_markdown(hostile_record._replace(result=result))
    assert page.count("## What was known before the first proposal, from 102 trials") == 1
    assert "## Accepted before the first proposal" in page
    assert "\x1b" not in page
    assert accepted_lines(result) == (BAD.said,)


def test_a_guard_that_the_target_is_beyond_is_told_and_refuses_nothing() -> None:
    told = {
        line.name: line
        for line in readiness_lines(READY.model_copy(update={"beyond": ("success >= 0.9",)}))
    }
    assert told["guards"].ok
    assert told["guards"].detail.startswith("the target is beyond success >= 0.9")


def test_where_nothing_came_near_the_plan_says_what_to_expect(hostile_record: RunRecord) -> None:
    seen = Detectable(
        metric="success", improvement=READY.detectable, is_relative=False, pairs=READY.pairs
    )
    result = hostile_record.result.model_copy(
        update={"readiness": READY, "detectable": seen, "kept": ()}
    )
    assert outlook_lines(result)[-1].startswith("to see +0.05")
    other = seen.model_copy(update={"pairs": READY.pairs + 1})
    told = outlook_lines(result.model_copy(update={"detectable": other}))
    assert len(told) == 1, "what the gate saw is not told beside what was known before it"
    kept = result.model_copy(update={"kept": hostile_record.result.kept})
    assert outlook_lines(kept) == ()
