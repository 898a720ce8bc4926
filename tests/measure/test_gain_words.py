from __future__ import annotations

import pytest

from agentlab.core.bound import parse_bound
from agentlab.core.environment import Traits
from agentlab.core.objective import AnyGuard, Guard, Objective, Then
from agentlab.measure.evidence import Evidence
from agentlab.measure.gain_words import gain_words
from tests.measure.conftest import MakeRecords

TRAITS = Traits(context_meter="read_tokens")


def evidence_of(objective: Objective, make_records: MakeRecords, *, pairs: int = 120) -> Evidence:
    """Returns what is seen of 40 % fewer tokens at the same success."""
    evidence = Evidence(objective, TRAITS)
    solved = [1.0] * pairs
    evidence.add(make_records(solved, context=60), make_records(solved, context=100))
    return evidence


@pytest.mark.parametrize(
    ("guards", "said"),
    [
        ((), "40 % fewer context tokens"),
        ((Guard(metric="success", margin=0.05),), "same success, 40 % fewer context tokens"),
        ((parse_bound("success >= 0.95x"),), "same success, 40 % fewer context tokens"),
        ((parse_bound("success >= 0.9"),), "40 % fewer context tokens"),
        ((Guard(metric="steps", margin=0.05),), "40 % fewer context tokens"),
    ],
)
def test_success_is_called_the_same_where_that_is_asked_and_shown(
    make_records: MakeRecords, guards: tuple[AnyGuard, ...], said: str
) -> None:
    objective = Objective(minimise="context_tokens", guards=guards)
    assert gain_words(evidence_of(objective, make_records)) == said


def test_what_is_not_shown_is_not_called_the_same(make_records: MakeRecords) -> None:
    objective = Objective(minimise="context_tokens", guards=(Guard(metric="success", margin=0.05),))
    assert gain_words(evidence_of(objective, make_records, pairs=5)) == "40 % fewer context tokens"


def test_a_second_aim_names_the_first_metric(make_records: MakeRecords) -> None:
    objective = Objective(maximise="0.5*success + 0.5*progress", then=Then(minimise="steps"))
    evidence = Evidence(objective, TRAITS)
    records = make_records([1.0] * 120, progress=1.0)
    evidence.add(records, records)
    assert evidence.second is not None
    assert gain_words(evidence) == "better in 0.5*success + 0.5*progress"
    assert gain_words(evidence.second) == "same 0.5*success + 0.5*progress, as many steps"
