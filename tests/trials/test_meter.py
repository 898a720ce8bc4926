"""What a trial has spent."""

from __future__ import annotations

import pytest

from agentlab.core.environment import ContextMeter, Traits
from agentlab.core.limits import Limits
from agentlab.core.tool import ToolResult
from agentlab.trials.meter import LimitPassed, Meter


@pytest.mark.parametrize(
    ("counts", "context"),
    [("read_tokens", 6), ("prompt_tokens", 40), ("result_tokens", 4), ("none", 0)],
)
def test_context_is_what_the_world_says_it_is(counts: ContextMeter, context: int) -> None:
    meter = Meter(Limits(), Traits(context_meter=counts))
    meter.before_call(is_step=True)
    meter.after_call(
        ToolResult(value="red blue", prompt_tokens=40, completion_tokens=2), '"red blue"'
    )
    meter.after_call(ToolResult(value=""), '""')
    meter.answered("one two")
    usage = meter.usage(wall_s=1.0, cpu_s=0.5)
    assert usage.context_tokens == context
    assert (usage.prompt_tokens, usage.completion_tokens) == (40, 2)


def test_a_call_beyond_the_last_is_refused_before_it_is_made() -> None:
    meter = Meter(Limits(tool_calls=2), Traits())
    meter.before_call(is_step=True)
    meter.before_call(is_step=False)
    with pytest.raises(LimitPassed, match="tool_calls"):
        meter.before_call(is_step=True)
    assert meter.usage(wall_s=0, cpu_s=0).steps == 2


def test_tokens_and_money_have_caps() -> None:
    with pytest.raises(LimitPassed, match="tokens"):
        Meter(Limits(tokens=5), Traits()).after_call(ToolResult(value=1), "a b c d e f")
    meter = Meter(Limits(cost_usd=1.0), Traits(cost_kind="metered"))
    meter.after_call(ToolResult(value=1, cost_usd=0.9), "1")
    with pytest.raises(LimitPassed, match="cost_usd"):
        meter.after_call(ToolResult(value=1, cost_usd=0.2), "1")


def test_a_simulated_cost_is_the_price_of_the_context() -> None:
    meter = Meter(Limits(), Traits(context_meter="read_tokens", cost_kind="simulated"))
    meter.after_call(ToolResult(value=None), "word " * 1000)
    usage = meter.usage(wall_s=0, cpu_s=0)
    assert usage.cost_usd > 0
    assert usage.cost_kind == "simulated"
