"""`confirm`: higher, and higher again."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Verdict
from agentlab.measure.rules.confirm import Confirm
from tests.measure.rules.test_greedy import case


def test_what_is_not_higher_gets_no_second_look() -> None:
    assert Confirm().read(case(0.0, 0.0)._replace(looks_left=1)).verdict is Verdict.DISCARDED


@pytest.mark.parametrize(
    ("second", "verdict"),
    [(0.5, Verdict.KEPT), (0.0, Verdict.DISCARDED), (-0.1, Verdict.DISCARDED)],
)
def test_the_second_look_counts_alone(second: float, verdict: Verdict) -> None:
    first = case(1.0, 1.0)._replace(looks_left=1)
    assert Confirm().read(first).verdict is None
    first.evidence.gain.add([("again", second)])
    reading = Confirm().read(first._replace(looks_left=0))
    assert reading.verdict is verdict
    assert "no test" in reading.reason


def test_the_two_blocks_are_the_same_for_all_candidates() -> None:
    assert [look.is_fresh for look in Confirm.looks] == [False, False]
