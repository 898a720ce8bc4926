"""The numeric optimiser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.meta.mutation.onward import moved_on, steps
from tests.meta.plain_lab import PlainLab

LABEL = "scale_number agent.py:3 400 -> 200"


def test_a_number_moved_with_success_is_moved_further(lab: PlainLab, baseline: Candidate) -> None:
    lab.decide("mutation", LABEL, Verdict.KEPT)
    made = [edit.apply().splitlines()[2] for _, edit in moved_on(lab, baseline, "mutation")]
    assert made == [b"LIMIT = 100", b"LIMIT = 300"]


@pytest.mark.parametrize(
    ("source", "label", "verdict"),
    [
        ("mutation", LABEL, Verdict.DISCARDED),
        ("ideas", LABEL, Verdict.KEPT),
        ("mutation", "delete_statement agent.py:3 delete `x`", Verdict.KEPT),
        ("mutation", "scale_number gone.py:3 400 -> 200", Verdict.KEPT),
        ("mutation", "scale_number agent.py:3 400 -> 77", Verdict.KEPT),
    ],
)
def test_nothing_else_is_moved_on(
    lab: PlainLab, baseline: Candidate, source: str, label: str, verdict: Verdict
) -> None:
    lab.decide(source, label, verdict)
    assert list(moved_on(lab, baseline, "mutation")) == []


@given(old=st.integers(1, 10_000), new=st.integers(1, 10_000))
def test_steps_of_integers_are_new_integers_above_zero(old: int, new: int) -> None:
    found = list(steps(old, new))
    assert all(isinstance(value, int) and value > 0 for value in found)
    assert not {old, new} & set(found)
    assert len(set(found)) == len(found)
