from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import ModelFailure
from agentlab.llm.chat import answer_of, body_of, clean, short
from agentlab.llm.model import CompletionRequest, Message, ModelTool, Settings, ToolCall
from agentlab.testing.model_peer import chat_body

Ask = Callable[..., CompletionRequest]


def test_a_conversation_with_tools_is_told_as_the_protocol_has_it() -> None:
    call = ToolCall(id="7", name="add", arguments={"a": 1})
    request = CompletionRequest(
        model="m",
        messages=(
            Message(role="user", content="add"),
            Message(role="assistant", tool_calls=(call,)),
            Message(role="tool", content="3", tool_call_id="7"),
        ),
        tools=(ModelTool(name="add", description="Adds.", parameters={"type": "object"}),),
        settings=Settings(max_tokens=5, temperature=0.5, seed=3, stop=("end",)),
    )

    body: Any = body_of(request, limit_key="max_completion_tokens")

    assert body["messages"][1]["tool_calls"] == [
        {"id": "7", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    ]
    assert body["messages"][2] == {"role": "tool", "content": "3", "tool_call_id": "7"}
    assert body["tools"][0]["function"]["name"] == "add"
    assert (body["max_completion_tokens"], body["temperature"], body["seed"]) == (5, 0.5, 3)
    assert body["stop"] == ["end"]
    assert "max_tokens" not in body


def test_what_is_not_set_is_not_sent(request_of: Ask) -> None:
    assert set(body_of(request_of())) == {"model", "messages", "max_tokens"}


def read(message: Any, request: CompletionRequest, **more: Any) -> Any:
    return answer_of({**chat_body(message), **more}, request, endpoint="http://here")


def test_an_answer_is_its_text_its_calls_its_model_and_its_tokens(request_of: Ask) -> None:
    arguments = {"id": "7", "function": {"name": "add", "arguments": '{"a": 1}'}}
    usage = {"prompt_tokens": 5, "completion_tokens": 2}

    answer = read(
        {"content": "so", "tool_calls": [arguments]}, request_of(), usage=usage, model="n"
    )

    assert (answer.text, answer.model, answer.finish) == ("so", "n", "tool_calls")
    assert answer.tool_calls == (ToolCall(id="7", name="add", arguments={"a": 1}),)
    assert (answer.prompt_tokens, answer.completion_tokens) == (5, 2)


@pytest.mark.parametrize(
    ("given", "finish"),
    [("stop", "stop"), ("length", "length"), ("content_filter", "refused"), (7, "stop")],
)
def test_it_ended_as_the_server_says(given: Any, finish: str, request_of: Ask) -> None:
    body = chat_body({"content": "so"}, finish=given)

    assert answer_of(body, request_of(), endpoint="here").finish == finish


def test_a_refusal_is_one_whatever_the_finish_says(request_of: Ask) -> None:
    assert read({"content": None, "refusal": "No."}, request_of()).finish == "refused"


def test_parts_of_a_content_are_one_text(request_of: Ask) -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]

    assert read({"content": parts}, request_of()).text == "ab"


def test_half_of_a_pair_of_surrogates_becomes_the_sign_for_unknown(request_of: Ask) -> None:
    call = {"function": {"name": "add", "arguments": '{"a": "\\ud800"}'}}

    answer = read({"content": "\ud83d and \ud83d\ude42", "tool_calls": [call]}, request_of())

    assert answer.text == "\ufffd and \U0001f642"
    assert answer.tool_calls[0].arguments == {"a": "\ufffd"}


@given(st.text(st.characters()))
def test_a_clean_text_can_be_written_down(text: str) -> None:
    assert clean(text).encode().decode() == clean(text)
    assert clean(clean(text)) == clean(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "content", "tool_calls", "function", "name", "usage"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON, st.booleans())
def test_any_json_is_an_answer_or_a_failure_with_its_reason(body: Any, is_wrapped: bool) -> None:
    request = CompletionRequest(model="m", messages=(Message(role="user", content="x"),))
    given = {"choices": [{"message": body}]} if is_wrapped else body
    with contextlib.suppress(ModelFailure):
        answer = answer_of(given, request, endpoint="here")
        assert json.loads(answer.model_dump_json())


def test_what_others_say_is_one_short_line_that_can_be_seen() -> None:
    assert short({"message": "a\n\x1b[31m b"}) == "a \ufffd[31m b"
    assert len(short("x" * 1000)) == 303
