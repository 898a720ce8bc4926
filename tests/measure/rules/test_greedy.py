"""`greedy`: does what loops do, and says so."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.greedy import Greedy, is_higher
from agentlab.measure.rules.rule import Case, Reading
from tests.measure.conftest import MakeRecords

SUCCESS = Objective()
TRAITS = Traits(context_meter="read_tokens")


def case(*gains: float) -> Case:
    evidence = Evidence(SUCCESS, TRAITS)
    evidence.gain.add((str(place), gain) for place, gain in enumerate(gains))
    return Case(evidence, evidence, 0, ())


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ((0.0, 0.0, 1.0), Verdict.KEPT),
        ((0.0, 0.0, 0.0), Verdict.DISCARDED),
        ((1.0, -1.0), Verdict.DISCARDED),
        ((0.1, 0.2, -0.3), Verdict.DISCARDED),
        ((-1.0,), Verdict.DISCARDED),
    ],
)
def test_one_success_more_is_enough_and_none_is_not(
    gains: tuple[float, ...], verdict: Verdict
) -> None:
    reading = Greedy().read(case(*gains))
    assert reading.verdict is verdict
    assert reading.e_value is None


def test_the_record_says_that_it_is_no_test() -> None:
    reading = Greedy().read(case(1.0, 0.0))
    assert reading.reason == "success +0.5 on 2 pairs (one look, no test)"
    assert not Greedy.is_test


def test_all_candidates_are_looked_at_once_on_the_same_block() -> None:
    (look,) = Greedy.looks
    assert not look.is_fresh
    assert not Greedy.halves


def test_by_how_much_counts_from_there_on() -> None:
    assert is_higher(case(0.5, 0.0), by=0.25)
    assert not is_higher(case(0.5, 0.0), by=0.26)


def test_a_guard_whose_score_is_too_low_discards(make_records: MakeRecords) -> None:
    asked = Objective(guards=(Guard(metric="context_tokens", margin=0.1),))

    def read(context: int) -> Reading:
        evidence = Evidence(asked, TRAITS)
        evidence.add(make_records([1.0] * 4, context=context), make_records([1.0] * 2 + [0.0] * 2))
        return Greedy().read(Case(evidence, evidence, 0, ()))

    assert read(105).verdict is Verdict.KEPT
    assert read(200).verdict is Verdict.DISCARDED
    assert "guard broken: context_tokens" in read(200).reason
