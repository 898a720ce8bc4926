from __future__ import annotations

import pytest

from agentlab.core.environment import Traits
from agentlab.measure.savings import Savings, spent_metrics
from tests.measure.conftest import MakeRecords

TRAITS = Traits(context_meter="read_tokens")


def test_the_share_is_of_all_that_both_solve_together(make_records: MakeRecords) -> None:
    savings = Savings(TRAITS)
    savings.add(
        make_records([1.0, 1.0, 0.0], context=[50, 800, 1]),
        make_records([1.0, 1.0, 1.0], context=[100, 900, 500]),
    )
    assert savings.shares() == {"context_tokens": pytest.approx(0.15)}
    savings.add(make_records([1.0], context=150), make_records([1.0], context=0))
    assert savings.shares() == {"context_tokens": 0.0}


def test_where_nothing_was_spent_nothing_is_said(make_records: MakeRecords) -> None:
    savings = Savings(TRAITS)
    assert savings.shares() == {}
    savings.add(make_records([0.0]), make_records([1.0]))
    assert savings.shares() == {}


def test_what_is_not_metered_is_not_spent() -> None:
    assert spent_metrics(Traits()) == ()
    assert spent_metrics(Traits(context_meter="read_tokens", cost_kind="metered")) == (
        "context_tokens",
        "cost_usd",
    )
