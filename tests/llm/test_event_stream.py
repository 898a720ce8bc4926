from __future__ import annotations

import json
from typing import Any

import pytest

from agentlab.llm.event_stream import whole_of


def stream(*pieces: Any, end: str = "data: [DONE]\n\n") -> str:
    return "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + end


def delta(given: Any, finish: str | None = None) -> dict[str, Any]:
    return {"model": "m", "choices": [{"delta": given, "finish_reason": finish}]}


def test_pieces_make_the_answer_that_would_have_come_whole() -> None:
    begun = {"index": 0, "id": "7", "function": {"name": "add", "arguments": '{"a"'}}
    rest = {"index": 0, "function": {"arguments": ": 1}"}}
    usage = {"prompt_tokens": 3, "completion_tokens": 2}

    whole = whole_of(
        stream(
            delta({"role": "assistant", "content": "he"}),
            delta({"content": "llo"}),
            delta({"tool_calls": [begun]}),
            delta({"tool_calls": [rest]}),
            delta({}, "tool_calls"),
            {"choices": [], "usage": usage},
        )
    )

    message = whole["choices"][0]["message"]
    assert message["content"] == "hello"
    assert message["tool_calls"] == [
        {"id": "7", "function": {"name": "add", "arguments": '{"a": 1}'}}
    ]
    assert whole["choices"][0]["finish_reason"] == "tool_calls"
    assert (whole["usage"], whole["model"]) == (usage, "m")


def test_comments_other_fields_and_the_ends_of_lines_do_not_matter() -> None:
    text = f": hello\r\nevent: x\r\ndata:{json.dumps(delta({'content': 'a'}, 'stop'))}\r\n\r\n"

    assert whole_of(text)["choices"][0]["message"]["content"] == "a"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (stream(delta({"content": "a"})), "broke off"),
        (stream([]), "no JSON object"),
        (stream(delta({"content": 5}, "stop")), "no shape"),
        (stream(delta({"tool_calls": 5}, "stop")), "no shape"),
        (stream(delta({"tool_calls": [{"index": "x"}]}, "stop")), "no `index`"),
        (stream(delta({"tool_calls": [{"index": 1 << 40}]}, "stop")), "no `index`"),
        ("data: {\n\n", "Expecting"),
    ],
)
def test_what_has_no_shape_is_said(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        whole_of(text)


def test_an_error_in_the_middle_is_the_answer() -> None:
    assert (
        whole_of(stream({"error": {"message": "overloaded"}}))["error"]["message"] == "overloaded"
    )
