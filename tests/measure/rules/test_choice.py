"""Every name has its rule, and every rule is told where it has no meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.choice import rule_of, rule_problem
from agentlab.measure.rules.rule import Case

NAMES = ("paired", "strict", "gate", "greedy", "min_delta", "confirm")


def objective_of(name: str) -> Objective:
    more = {"delta": 0.05} if name == "min_delta" else {}
    return Objective.model_validate({"rule": {"name": name, **more}})


def test_names_have_rules_of_their_own() -> None:
    assert len({type(rule_of(objective_of(name).rule)) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "is_test"), [(name, name in ("paired", "strict", "gate")) for name in NAMES]
)
def test_what_is_no_test_says_so(name: str, is_test: bool) -> None:
    assert rule_of(objective_of(name).rule).is_test is is_test


@given(
    st.sampled_from(NAMES),
    st.lists(st.lists(st.floats(-1, 1), max_size=8), min_size=1, max_size=6),
)
def test_a_rule_that_may_not_look_again_decides(name: str, blocks: list[list[float]]) -> None:
    rule, objective = rule_of(objective_of(name).rule), objective_of(name)
    evidence, hidden = Evidence(objective, Traits()), Evidence(objective, Traits())
    for number, block in enumerate(blocks):
        look = rule.looks[min(number, len(rule.looks) - 1)]
        side = hidden if look.is_hidden else evidence
        side.gain.add((f"{number}/{place}", gain) for place, gain in enumerate(block))
    reading = rule.read(Case(evidence, hidden, 0, ()))
    assert reading.verdict in (Verdict.KEPT, Verdict.DISCARDED, Verdict.UNDECIDED)
    if reading.verdict is Verdict.KEPT:
        assert evidence.gain.clusters.size > 0


@pytest.mark.parametrize(
    ("name", "is_seeded", "words"),
    [
        ("gate", True, "use paired"),
        ("confirm", False, "use gate"),
        ("gate", False, None),
        ("confirm", True, None),
        ("paired", True, None),
        ("paired", False, None),
        ("greedy", False, None),
    ],
)
def test_a_rule_that_means_nothing_on_such_data_is_told_with_one_that_does(
    name: str, is_seeded: bool, words: str | None
) -> None:
    problem = rule_problem(objective_of(name).rule, is_seeded=is_seeded)
    assert (problem is None) == (words is None)
    assert words is None or words in (problem or "")
