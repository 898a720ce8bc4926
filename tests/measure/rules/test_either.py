"""Two aims in their order: the first is better, or it is no worse and the second is."""

from __future__ import annotations

import numpy as np
import pytest

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import (
    GateRule,
    GreedyRule,
    KeepRule,
    Objective,
    PairedRule,
    StrictRule,
    Then,
)
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.choice import rule_for
from agentlab.measure.rules.either import at_half_level
from agentlab.measure.rules.rule import Case, Reading
from tests.measure.conftest import MakeRecords

TRAITS = Traits(context_meter="read_tokens")
OBJECTIVE = Objective(then=Then(minimise="context_tokens"), rule=PairedRule(worthwhile=0.03))


def read(
    make_records: MakeRecords,
    candidate: tuple[list[float], int],
    incumbent: tuple[list[float], int],
    *,
    objective: Objective = OBJECTIVE,
    left: int = 11,
) -> Reading:
    evidence = Evidence(objective, TRAITS)
    mine, theirs = (make_records(s, context=c) for s, c in (candidate, incumbent))
    evidence.add(mine, theirs)
    return rule_for(objective).read(Case(evidence, evidence, left, ()))


def test_better_in_the_first_is_kept_whatever_became_of_the_second(
    make_records: MakeRecords,
) -> None:
    reading = read(make_records, ([1.0] * 40, 500), ([0.0] * 40, 100))
    assert reading.verdict is Verdict.KEPT
    assert reading.reason.startswith("better in success (e = ")
    assert reading.tested[0].metric == "success"


def test_the_same_in_the_first_and_better_in_the_second_is_kept_and_named(
    make_records: MakeRecords,
) -> None:
    reading = read(make_records, ([1.0] * 120, 60), ([1.0] * 120, 100))
    assert reading.verdict is Verdict.KEPT
    assert reading.reason.startswith("same success, 40 % fewer context tokens (e = ")
    assert reading.tested[0].metric == "context_tokens"


def test_the_first_must_be_shown_to_be_no_worse_first(make_records: MakeRecords) -> None:
    few = [1.0] * 40
    assert read(make_records, (few, 60), (few, 100)).verdict is None
    last = read(make_records, (few, 60), (few, 100), left=0)
    assert last.verdict is Verdict.UNDECIDED
    assert "the guard is not shown: success within 0.05" in last.reason
    lost = read(make_records, ([1.0, 0.0] * 40, 10), ([1.0] * 80, 100))
    assert lost.verdict is Verdict.DISCARDED
    assert "guard broken: success within 0.05" in lost.reason


def test_what_is_better_in_neither_is_let_go_with_both_reasons(make_records: MakeRecords) -> None:
    same = [1.0, 0.0] * 20
    reading = read(make_records, (same, 100), (same, 100))
    assert reading.verdict is Verdict.DISCARDED
    assert "0.03 in success is out of reach" in reading.reason
    assert "0.03 in context_tokens is out of reach" in reading.reason


def test_each_aim_has_half_the_level() -> None:
    halves: list[tuple[KeepRule, KeepRule]] = [
        (PairedRule(alpha=0.02), PairedRule(alpha=0.01)),
        (StrictRule(name="strict", fdr=0.2), StrictRule(name="strict", fdr=0.1)),
        (GateRule(name="gate", alpha=0.04), GateRule(name="gate", alpha=0.02)),
        (GreedyRule(name="greedy"), GreedyRule(name="greedy")),
    ]
    for given, half in halves:
        assert at_half_level(given).model_dump() == half.model_dump()


@pytest.mark.parametrize("rule", ["paired", "strict", "gate", "greedy", "confirm"])
def test_every_rule_reads_both_aims(make_records: MakeRecords, rule: str) -> None:
    objective = Objective.model_validate({"then": {"minimise": "steps"}, "rule": rule})
    plain = Objective.model_validate({"rule": rule})
    both, one = rule_for(objective), rule_for(plain)
    assert (both.siblings, both.halves, both.is_test) == (one.siblings, one.halves, one.is_test)
    assert (both.worthwhile, list(both.looks)) == (one.worthwhile, list(one.looks))
    assert (both.design(clusters_per_block=9, blocks=2, gates=0) is None) == (
        one.design(clusters_per_block=9, blocks=2, gates=0) is None
    )
    better = ([1.0] * 60, 100)
    assert read(make_records, better, ([0.0] * 60, 100), objective=objective, left=0).verdict is (
        Verdict.KEPT
    )


def test_what_is_better_in_neither_is_kept_less_often_than_alpha_however_often_one_looks() -> None:
    kept = 0
    objective = OBJECTIVE.model_copy(update={"rule": PairedRule(alpha=0.05)})
    rule = rule_for(objective)
    for seed in range(150):
        luck, evidence = np.random.default_rng(seed), Evidence(objective, TRAITS)
        assert evidence.second is not None
        (guard,) = evidence.second.guards.values()
        for block in range(20):
            success = luck.choice([-1.0, 0.0, 1.0], size=20, p=[0.1, 0.8, 0.1])
            saved = luck.uniform(-0.5, 0.5, size=20)
            for tally, drawn in (
                (evidence.gain, success),
                (guard, success),
                (evidence.second.gain, saved),
            ):
                tally.add((f"{block}/{task}", value) for task, value in enumerate(drawn))
            reading = rule.read(Case(evidence, evidence, 19 - block, ()))
            if reading.verdict is not None:
                break
        kept += reading.verdict is Verdict.KEPT
    # 7.5 of 150 are the bound; a binomial with p = 0.05 stays below 15 in 99 %.
    assert kept < 15
