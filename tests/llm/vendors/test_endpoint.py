from __future__ import annotations

import json
from typing import Any

import pytest

from agentlab.core.tool import ToolResult
from agentlab.errors import BudgetSpent, ModelFailure
from agentlab.llm.cache import AnswerCache
from agentlab.llm.gateway import Caps, Gateway
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.scripted import ScriptedModel
from agentlab.llm.vendors.endpoint import VendorEndpoint

CHAT = "/v1/chat/completions"
MESSAGES = "/v1/messages"
NAMES = {"small": "gpt-4o"}


def endpoint_of(model: ScriptedModel, *, sample: str = "", **more: Any) -> VendorEndpoint:
    return VendorEndpoint(Gateway(model, **more), NAMES, sample=sample)


def question(text: str = "hi", **more: Any) -> dict[str, Any]:
    content = {"role": "user", "content": text}
    return {"model": "small", "max_tokens": 50, "messages": [content], **more}


def said(result: ToolResult) -> Any:
    assert isinstance(result.value, dict)
    return json.loads(str(result.value["text"]))


def status(result: ToolResult) -> Any:
    assert isinstance(result.value, dict)
    return result.value["status"]


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_an_answer_comes_with_what_it_spent_and_under_the_name_that_was_asked_for(
    path: str,
) -> None:
    model = ScriptedModel.of_list(
        [Completion(text="hello", prompt_tokens=1000, completion_tokens=100, model="gpt-4o")]
    )

    result = endpoint_of(model).post(path, question())

    assert status(result) == 200
    assert said(result)["model"] == "small"
    assert (result.prompt_tokens, result.completion_tokens) == (1000, 100)
    assert result.cost_usd == pytest.approx((1000 * 2.5 + 100 * 10) / 1e6)
    assert model.requests[0].model == "gpt-4o"


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (question(model="large"), 404, "no model 'large'; there are small"),
        (question(n=2, thinking={}), 400, "has no effect here"),
        (question(temperature="hot"), 400, "temperature"),
        (question("a\u200bb"), 400, "control signs"),
        (question("a\x1bb"), 400, "control signs"),
    ],
)
def test_what_the_target_does_wrong_is_told_to_it_and_free(
    path: str, body: dict[str, Any], code: int, reason: str
) -> None:
    model = ScriptedModel.of_list([])

    result = endpoint_of(model).post(path, body)

    assert status(result) == code
    assert reason in said(result)["error"]["message"]
    assert (model.requests, result.cost_usd) == ([], 0)


def test_another_path_is_nobody() -> None:
    assert status(endpoint_of(ScriptedModel.of_list([])).post("/v1/responses", {})) == 404


def test_what_the_model_refuses_is_told_and_what_fails_goes_through() -> None:
    failures = iter([400, 503])

    def fail(request: CompletionRequest) -> str:
        code = next(failures)
        raise ModelFailure("so it is", endpoint="x", status=code, is_temporary=False)

    endpoint = endpoint_of(ScriptedModel(fail))

    assert status(endpoint.post(CHAT, question())) == 400
    with pytest.raises(ModelFailure, match="status 503"):
        endpoint.post(CHAT, question())


def test_money_that_the_run_has_no_more_of_is_no_answer_to_the_target() -> None:
    with pytest.raises(BudgetSpent):
        endpoint_of(ScriptedModel.of_list([]), caps=Caps(tokens=0)).post(CHAT, question())


def test_a_trial_sees_its_own_answers_again_and_a_repetition_others() -> None:
    model = ScriptedModel.of_list([f"answer {number}" for number in range(9)])
    gateway = Gateway(model, cache=AnswerCache())

    def played(sample: str) -> list[str]:
        endpoint = VendorEndpoint(gateway, NAMES, sample=sample)
        results = [endpoint.post(CHAT, question()) for _ in range(2)]
        return [said(result)["choices"][0]["message"]["content"] for result in results]

    assert played("task/1/0") == ["answer 0", "answer 1"]
    assert played("task/1/1") == ["answer 2", "answer 3"]
    assert played("task/1/0") == ["answer 0", "answer 1"]
    assert len(model.requests) == 4


def test_who_asks_for_pieces_gets_events() -> None:
    result = endpoint_of(ScriptedModel.of_list(["hello"])).post(CHAT, question(stream=True))

    assert isinstance(result.value, dict)
    assert result.value["type"] == "text/event-stream"
    assert str(result.value["text"]).endswith("data: [DONE]\n\n")
