"""Strategies by name."""

from __future__ import annotations

from typing import get_args

import pytest

from agentlab.core.decision import Verdict
from agentlab.search.strategies.strategy import STRATEGIES, Strategy, StrategyName
from tests.search.strategies.runs import Made


def test_every_name_has_its_strategy() -> None:
    assert set(STRATEGIES) == set(get_args(StrategyName))


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=list(STRATEGIES))
def test_each_gives_known_parents_the_same_for_the_same_history(strategy: Strategy) -> None:
    made = Made()
    for number in range(20):
        found = strategy.parents(made.history())
        assert found
        assert all(parent.digest in made.candidates for parent in found)
        assert list(found) == list(strategy.parents(made.history()))
        verdict = Verdict.KEPT if number % 6 == 5 else Verdict.DISCARDED
        made.add(f"{number}", found[0], success=number % 5 / 4, verdict=verdict)
