"""The incumbent alone."""

from __future__ import annotations

from agentlab.core.decision import Verdict
from agentlab.search.strategies.greedy import Greedy
from tests.search.strategies.runs import Made, names


def test_it_takes_the_incumbent_alone() -> None:
    made = Made()
    made.add("promising", success=1.0)
    assert names(Greedy().parents(made.history())) == ["baseline"]
    made.add("kept", verdict=Verdict.KEPT)
    assert names(Greedy().parents(made.history())) == ["kept"]
