"""The front of success and context."""

from __future__ import annotations

from agentlab.core.decision import Verdict
from agentlab.search.strategies.pareto import Pareto
from tests.search.strategies.runs import Made, names


def test_it_adds_what_nothing_beats_and_never_a_broken_one() -> None:
    made = Made()
    made.tell(made.baseline, success=1.0, context=100)
    made.add("thrifty", success=0.0, context=10)
    made.add("beaten", success=0.0, context=200)
    made.add("broken", verdict=Verdict.INVALID, stage="smoke")
    assert names(Pareto().parents(made.history())) == ["baseline", "thrifty"]
