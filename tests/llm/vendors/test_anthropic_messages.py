from __future__ import annotations

import json
from typing import Any

import pytest

from agentlab.llm.model import Completion, ToolCall
from agentlab.llm.vendors.anthropic_messages import asked, error_text, events, whole
from agentlab.llm.vendors.given import BadRequest

ANSWER = Completion(
    text="so",
    tool_calls=(ToolCall(id="7", name="add", arguments={"a": 1}),),
    prompt_tokens=5,
    completion_tokens=2,
    model="m",
    finish="tool_calls",
)


def body(**more: Any) -> dict[str, Any]:
    return {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "hi"}],
        **more,
    }


def test_a_whole_conversation_is_understood_results_of_tools_being_turns_of_their_own() -> None:
    use = {"type": "tool_use", "id": "7", "name": "add", "input": {"a": 1}}
    result = {
        "type": "tool_result",
        "tool_use_id": "7",
        "content": [{"type": "text", "text": "3"}],
    }

    given = asked(
        body(
            system=[{"type": "text", "text": "Be brief."}],
            messages=[
                {"role": "user", "content": "add"},
                {"role": "assistant", "content": [{"type": "text", "text": "so"}, use]},
                {"role": "user", "content": [result, {"type": "text", "text": "and?"}]},
            ],
            tools=[{"name": "add", "input_schema": {"type": "object"}}],
            stop_sequences=["end"],
            temperature=0.5,
        )
    )

    request = given.request
    assert not given.is_stream
    assert [(message.role, message.content) for message in request.messages] == [
        ("system", "Be brief."),
        ("user", "add"),
        ("assistant", "so"),
        ("tool", "3"),
        ("user", "and?"),
    ]
    assert request.messages[2].tool_calls == ANSWER.tool_calls
    assert request.messages[3].tool_call_id == "7"
    assert (request.settings.max_tokens, request.settings.stop) == (9, ("end",))


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"messages": None}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, r"messages\.0"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, r"content\.0"),
        ({"messages": [{"role": "assistant", "content": [{"type": "tool_use"}]}]}, "input"),
        ({"thinking": {"type": "enabled"}}, "thinking: has no effect"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"tools": [{"type": "bash_20250124"}]}, r"tools\.0"),
    ],
)
def test_what_is_not_to_be_had_is_refused_and_said(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(BadRequest, match=where):
        asked(body(**wrong))


def test_an_answer_has_the_vendors_shape() -> None:
    answer = json.loads(whole(ANSWER, "k"))

    assert answer["content"] == [
        {"type": "text", "text": "so"},
        {"type": "tool_use", "id": "7", "name": "add", "input": {"a": 1}},
    ]
    assert (answer["stop_reason"], answer["type"]) == ("tool_use", "message")
    assert answer["usage"] == {"input_tokens": 5, "output_tokens": 2}


def test_pieces_are_told_in_the_vendors_order() -> None:
    told = [line[7:] for line in events(ANSWER, "k").splitlines() if line.startswith("event: ")]

    block = ["content_block_start", "content_block_delta", "content_block_stop"]
    assert told == ["message_start", *block, *block, "message_delta", "message_stop"]


def test_a_refusal_has_the_vendors_shape() -> None:
    assert json.loads(error_text("no"))["error"]["type"] == "invalid_request_error"
