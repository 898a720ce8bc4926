"""`gate`: what fixed data can show, with one bit from those that stay hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import GateRule, Guard, Objective
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.gate import Gate
from agentlab.measure.rules.rule import Case, Reading

RULE = Gate(GateRule(name="gate"))
BETTER = [1.0] * 12 + [0.0] * 40 + [-1.0] * 2
WORSE = [-value for value in BETTER]
EVEN = [1.0, -1.0] * 20
TRAITS = Traits(context_meter="read_tokens")


def evidence_of(gains: Sequence[float], objective: Objective, harm: float = 0.0) -> Evidence:
    evidence = Evidence(objective, TRAITS)
    if gains:
        evidence.gain.add((f"{len(gains)}/{place}", gain) for place, gain in enumerate(gains))
        for tally in evidence.guards.values():
            tally.add((str(place), -harm) for place in range(len(gains)))
    return evidence


def read(
    train: Sequence[float],
    hidden: Sequence[float] = (),
    *,
    objective: Objective | None = None,
    harm: float = 0.0,
) -> Reading:
    asked = objective or Objective()
    case = Case(evidence_of(train, asked), evidence_of(hidden, asked, harm), 0 if hidden else 1, ())
    return RULE.read(case)


def test_train_is_looked_at_first_and_the_hidden_split_by_nobody_but_the_rule() -> None:
    first, second = RULE.looks
    assert (first.split, first.is_hidden) == ("train", False)
    assert (second.split, second.is_hidden) == ("validation", True)


def test_the_hidden_split_is_asked_only_about_what_train_shows() -> None:
    assert read(BETTER).verdict is None
    assert read(WORSE).verdict is Verdict.DISCARDED
    assert read([0.0] * 40).verdict is Verdict.DISCARDED
    unclear = read(EVEN)
    assert unclear.verdict is Verdict.UNDECIDED
    assert "not asked" in unclear.reason


@pytest.mark.parametrize("hidden", [WORSE, [0.0] * 40, EVEN])
def test_a_hidden_split_that_is_not_in_favour_is_the_end(hidden: list[float]) -> None:
    assert read(BETTER, hidden).verdict is Verdict.DISCARDED


def test_what_both_show_is_kept() -> None:
    assert read(BETTER, BETTER).verdict is Verdict.KEPT


def test_one_bit_is_told_of_the_hidden_split_and_no_more() -> None:
    told = {read(BETTER, hidden) for hidden in (WORSE, EVEN, [-0.5] * 7)}
    assert len(told) == 1
    agreed = {read(BETTER, hidden) for hidden in (BETTER, [1.0] * 30)}
    assert len(agreed) == 1
    (kept,) = agreed
    assert kept.pairs == len(BETTER)
    assert [sample.clusters for sample in kept.tested] == [len(BETTER)]


def test_a_guard_that_the_hidden_split_breaks_is_part_of_the_bit() -> None:
    asked = Objective(guards=(Guard(metric="context_tokens", margin=0.05),))
    assert read(BETTER, BETTER, objective=asked, harm=0.5).verdict is Verdict.DISCARDED


def test_few_clusters_never_show_anything() -> None:
    assert read([1.0]).verdict is Verdict.UNDECIDED


def test_null_edits_tried_a_hundred_times_on_the_same_data_are_hardly_ever_kept() -> None:
    generator = np.random.default_rng(3)
    kept = 0
    for _ in range(1000):
        train, hidden = generator.normal(0.0, 0.1, (2, 60)).clip(-1, 1).tolist()
        reading = read(train)
        kept += reading.verdict is None and read(train, hidden).verdict is Verdict.KEPT
    # Both have to agree: fewer than the level, 20 of 1,000.
    assert kept < 20
