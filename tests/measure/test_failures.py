from __future__ import annotations

import pytest

from agentlab.core.ceiling import EditKind
from agentlab.core.decision import Cause, Decision, Stage, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import GreedyRule, Guard, Objective
from agentlab.measure.evidence import Evidence
from agentlab.measure.failures import cause_of, mechanisms_of, misses_of
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.rule import Case
from tests.measure.conftest import MakeRecords
from tests.measure.decided import decided, sampled


@pytest.mark.parametrize(
    ("verdict", "stage", "reason", "cause"),
    [
        (Verdict.KEPT, "gate", "better in success (e = 300)", None),
        (Verdict.INVALID, "static", "agent.py: does not parse", "refused"),
        (Verdict.DISCARDED, "static", "changes nothing", "nothing new"),
        (Verdict.UNDECIDED, "static", "conflicts with a candidate that was kept", "conflict"),
        (Verdict.INVALID, "smoke", "its first trial timeout: 5 s", "broke"),
        (Verdict.UNDECIDED, "smoke", "its first trial infra: browser died", "our side"),
        (Verdict.DISCARDED, "halving", "a guard looked broken on train tasks", "guard"),
        (Verdict.DISCARDED, "halving", "no better than the incumbent (-0.1)", "no better"),
        (Verdict.UNDECIDED, "halving", "promising, but a sibling did better", "sibling"),
        (
            Verdict.DISCARDED,
            "gate",
            "an improvement of 0.01 in guards is out of reach",
            "no better",
        ),
        (Verdict.DISCARDED, "gate", "the hidden split does not agree", "no better"),
        (Verdict.UNDECIDED, "gate", "e = 2 of 100: neither shown nor ruled out", "noise"),
    ],
)
def test_where_an_older_version_stored_no_cause_its_words_tell_it(
    verdict: Verdict, stage: Stage, reason: str, cause: Cause | None
) -> None:
    assert cause_of(decided(1, verdict, stage, reason=reason)) == cause


@pytest.mark.parametrize(
    ("mine", "context", "looks_left", "cause", "said"),
    [
        ([1.0] * 20, 400, 3, "guard", "guard broken"),
        ([1.0] * 20, [60, 145] * 10, 0, "guard", "better, but the guard"),
        ([0.0] * 20, 100, 3, "no better", "out of reach"),
        ([1.0, 0.0] * 10, 100, 0, "noise", "neither shown"),
    ],
    ids=["broken guard", "open guard", "out of reach", "noise"],
)
def test_the_rule_says_what_the_cause_is(
    make_records: MakeRecords,
    mine: list[float],
    context: int | list[int],
    looks_left: int,
    cause: Cause,
    said: str,
) -> None:
    theirs = [1.0] * 8 + [0.0] * 12 if cause == "guard" else [0.0, 1.0, 0.0, 0.0] * 5
    theirs = [0.5] * 20 if cause == "no better" else theirs
    objective = Objective(guards=(Guard(metric="context_tokens", margin=0.1),))
    evidence = Evidence(objective, Traits(context_meter="read_tokens"))
    evidence.add(
        make_records(mine, context=context), make_records(theirs, candidate="i", context=100)
    )
    reading = rule_of(objective.rule).read(Case(evidence, evidence, looks_left, ()))

    assert reading.verdict is not None
    assert said in reading.reason
    assert reading.cause == cause
    ended = decided(1, reading.verdict, "gate", reason="in other words")
    assert cause_of(ended.model_copy(update={"cause": reading.cause})) == cause


def test_a_guard_that_a_rule_without_a_test_found_broken_is_its_cause(
    make_records: MakeRecords,
) -> None:
    objective = Objective(
        rule=GreedyRule(name="greedy"), guards=(Guard(metric="context_tokens", margin=0.1),)
    )
    evidence = Evidence(objective, Traits(context_meter="read_tokens"))
    evidence.add(
        make_records([1.0] * 20, context=400),
        make_records([0.0] * 20, candidate="i", context=400),
    )
    assert rule_of(objective.rule).read(Case(evidence, evidence, 0, ())).cause is None
    evidence = Evidence(objective, Traits(context_meter="read_tokens"))
    evidence.add(
        make_records([1.0] * 20, context=400),
        make_records([1.0] * 20, candidate="i", context=100),
    )
    assert rule_of(objective.rule).read(Case(evidence, evidence, 0, ())).cause == "guard"


def test_proposals_are_counted_by_source_and_cause() -> None:
    noise = "neither shown nor ruled out"
    decisions = [
        decided(1, source="ideas"),
        decided(2, Verdict.KEPT, "gate", source="numeric"),
        decided(3, source="numeric"),
        decided(4, Verdict.UNDECIDED, "gate", reason=noise, source="numeric"),
        decided(5, source="numeric"),
    ]
    kinds: dict[int, EditKind] = {2: "numbers", 3: "numbers", 4: "numbers", 5: "structure"}
    numeric, ideas = mechanisms_of(decisions, kinds)

    assert (numeric.source, numeric.proposals, numeric.kept, numeric.numbers) == (
        "numeric",
        4,
        1,
        3,
    )
    assert list(numeric.causes.items()) == [("no better", 2), ("noise", 1)]
    assert (ideas.source, ideas.causes) == ("ideas", {"no better": 1})


def test_near_misses_come_by_their_standard_errors() -> None:
    def missed(number: int, mean: float, spread: float, clusters: int) -> Decision:
        sample = sampled(mean, spread, clusters=clusters)
        return decided(number, Verdict.UNDECIDED, "gate", reason="", tested=sample)

    decisions = [
        missed(1, 0.10, 0.5, 25),  # 1 standard error
        missed(2, 0.05, 0.5, 400),  # 2
        missed(3, -0.30, 0.1, 400),  # worse
        missed(4, 0.02, 0.2, 900),  # 3
        missed(5, 0.01, 0.5, 100),  # 0.2
        decided(6, Verdict.KEPT, "gate", tested=sampled(0.9)),
        decided(7, tested=sampled(0.9)),
    ]
    misses = misses_of(decisions, "success")

    assert [miss.number for miss in misses] == [4, 2, 1]
    assert misses[0].change == decisions[3].differences["success"]
    assert (misses[0].pairs, misses[0].cause) == (900, "noise")
