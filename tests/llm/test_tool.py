from __future__ import annotations

import pytest

from agentlab.errors import BudgetSpent, ToolError
from agentlab.llm.gateway import Caps, Gateway
from agentlab.llm.scripted import ScriptedModel
from agentlab.llm.tool import ask_as_tool


def test_the_text_comes_with_what_it_spent() -> None:
    model = ScriptedModel.of_list(["three mugs"])

    result = ask_as_tool(
        Gateway(model), "how many mugs?", model="simulated-small", system="Be brief."
    )

    assert (result.value, result.prompt_tokens, result.completion_tokens) == ("three mugs", 7, 2)
    assert result.cost_usd == pytest.approx((7 * 0.4 + 2 * 1.6) / 1e6)
    assert [message.role for message in model.requests[0].messages] == ["system", "user"]


def test_signs_that_nobody_can_see_are_refused_before_they_are_sent() -> None:
    model = ScriptedModel.of_list(["never"])

    with pytest.raises(ToolError) as caught:
        ask_as_tool(Gateway(model), "a\u200bb", model="simulated-small")

    assert caught.value.kind == "unprintable"
    assert model.requests == []


def test_money_that_the_run_has_no_more_of_is_no_answer_to_the_candidate() -> None:
    gateway = Gateway(ScriptedModel.of_list(["never"]), caps=Caps(cost_usd=0.0))

    with pytest.raises(BudgetSpent):
        ask_as_tool(gateway, "how many?", model="simulated-small")
