from __future__ import annotations

import json
from typing import Any

import pytest

from agentlab.llm.event_stream import whole_of
from agentlab.llm.model import Completion, ToolCall
from agentlab.llm.vendors.given import BadRequest
from agentlab.llm.vendors.openai_chat import asked, error_text, events, whole

ANSWER = Completion(
    text="so",
    tool_calls=(ToolCall(id="7", name="add", arguments={"a": 1}),),
    prompt_tokens=5,
    completion_tokens=2,
    model="m",
    finish="tool_calls",
)


def body(**more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": "hi"}], **more}


def test_a_whole_conversation_is_understood() -> None:
    call = {"id": "7", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}

    given = asked(
        body(
            messages=[
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "add"}]},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "content": "3", "tool_call_id": "7"},
            ],
            tools=[tool],
            max_completion_tokens=9,
            temperature=0.5,
            seed=3,
            stop="end",
            stream=True,
        )
    )

    request = given.request
    assert given.is_stream
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "tool"]
    assert request.messages[2].tool_calls == (ANSWER.tool_calls[0],)
    assert request.messages[3].tool_call_id == "7"
    assert request.tools[0].name == "add"
    settings = request.settings
    assert (settings.max_tokens, settings.temperature, settings.seed) == (9, 0.5, 3)
    assert settings.stop == ("end",)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"messages": []}, "messages"),
        ({"messages": ["hi"]}, r"messages\.0"),
        ({"messages": [{"role": "robot"}]}, r"messages\.0\.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, r"content\.0"),
        ({"n": 2}, "n: one answer"),
        ({"response_format": {"type": "json_object"}}, "response_format: has no effect"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [{"type": "web_search"}]}, r"tools\.0"),
        ({"max_tokens": 0}, "max_tokens"),
    ],
)
def test_what_is_not_to_be_had_is_refused_and_said(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(BadRequest, match=where):
        asked(body(**wrong))


def test_a_call_that_the_model_wrote_wrongly_may_be_told_back() -> None:
    call = {"id": "7", "function": {"name": "add", "arguments": "{bad"}}

    given = asked(body(messages=[{"role": "assistant", "tool_calls": [call]}]))

    assert given.request.messages[0].tool_calls[0].arguments == {}


def test_pieces_make_what_comes_whole() -> None:
    came_whole = json.loads(whole(ANSWER, "k"))
    in_pieces = whole_of(events(ANSWER, "k"))

    first, second = came_whole["choices"][0], in_pieces["choices"][0]
    assert first["message"]["content"] == second["message"]["content"] == "so"
    assert first["finish_reason"] == second["finish_reason"] == "tool_calls"
    calls = [
        {"id": call["id"], "function": call["function"]} for call in first["message"]["tool_calls"]
    ]
    assert calls == second["message"]["tool_calls"]
    assert came_whole["usage"] == in_pieces["usage"]
    assert came_whole["usage"]["total_tokens"] == 7


def test_a_refusal_has_the_vendors_shape() -> None:
    assert json.loads(error_text("no"))["error"]["message"] == "no"
