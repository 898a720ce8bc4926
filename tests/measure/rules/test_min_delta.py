"""`min_delta`: higher by enough, and no word of how likely that is luck."""

from __future__ import annotations

import pytest

from agentlab.core.decision import Verdict
from agentlab.core.objective import MinDeltaRule
from agentlab.measure.rules.min_delta import MinDelta
from tests.measure.rules.test_greedy import case

RULE = MinDelta(MinDeltaRule(name="min_delta", delta=0.1))


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ((0.1, 0.1, 0.1), Verdict.KEPT),
        ((1.0, *[0.0] * 9), Verdict.KEPT),
        ((1.0, *[0.0] * 10), Verdict.DISCARDED),
        ((0.0,), Verdict.DISCARDED),
    ],
)
def test_the_whole_delta_is_asked(gains: tuple[float, ...], verdict: Verdict) -> None:
    reading = RULE.read(case(*gains))
    assert reading.verdict is verdict
    assert "0.1 is asked; one look, no test" in reading.reason
