from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage


def test_all_fates_but_ours_count() -> None:
    assert {fate for fate in Fate if not fate.counts} == {Fate.INFRA}


def test_only_an_answer_is_judged() -> None:
    assert {fate for fate in Fate if fate.is_judged} == {Fate.SOLVED, Fate.FAILED}


@pytest.mark.parametrize("success", [-0.01, 1.01, math.nan, math.inf])
def test_success_lies_between_0_and_1(success: float) -> None:
    with pytest.raises(ValidationError):
        Outcome(success=success)
    with pytest.raises(ValidationError):
        ItemOutcome(id="query", cluster="group", success=success)


def test_a_metric_is_a_finite_number() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Outcome(success=1, metrics={"latency_ms": math.nan})


def test_nothing_gives_back_what_was_spent() -> None:
    with pytest.raises(ValidationError, match="cost_usd"):
        Usage(cost_usd=-1)
