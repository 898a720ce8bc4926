"""What servers of models answer that is no proper answer: by name, and generated without end.

None of it may end in a traceback: a call fails with its reason, or a call of a tool says why it
cannot be made.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from agentlab.testing.model_peer import (
    PeerReply,
    answers,
    breaks_off,
    calls_tool,
    chat_body,
    fails,
    never_ends,
)

__all__ = ["BAD_REPLIES", "generated_reply"]


def _message(message: JsonValue) -> PeerReply:
    return answers({**chat_body({}), "choices": [{"message": message}]})


def _content(content: JsonValue) -> PeerReply:
    return _message({"content": content})


def _call(call: JsonValue) -> PeerReply:
    return _message({"content": None, "tool_calls": [call]})


def _events(*data: str) -> PeerReply:
    stream = "".join(f"data: {line}\n\n" for line in data)
    return answers(stream.encode(), content_type="text/event-stream")


def _piece(delta: JsonValue, finish: str | None = None) -> str:
    return json.dumps({"choices": [{"delta": delta, "finish_reason": finish}]})


_DEEP = b"[" * 100_000

BAD_REPLIES: Mapping[str, PeerReply] = {
    # No JSON.
    "nothing at all": answers(b""),
    "white space": answers(b" \n "),
    "a page of HTML": answers(b"<html><body>Bad gateway</body></html>", content_type="text/html"),
    "a text": answers(b"I am afraid I cannot do that."),
    "half of an answer": answers(b'{"choices": [{"message": {"content": "I was'),
    "bytes that are no text": answers(bytes(range(128, 256))),
    "what says it is compressed": answers(b"{}", content_encoding="gzip"),
    "nesting without end": answers(_DEEP),
    "a connection that breaks": breaks_off(),
    "a stream without end": never_ends(),
    "a body without end": never_ends(b" " * 1000)._replace(headers={}),
    "10 MB": _content("a" * 10_000_000),
    "10 MB compressed to little": answers(
        gzip.compress(b" " * 10_000_000), content_encoding="gzip"
    ),
    # JSON of another shape.
    "null": answers(b"null"),
    "a number": answers(b"1e999"),
    "NaN": answers(b"NaN"),
    "a list": answers([]),
    "an empty object": answers({}),
    "an error with a good status": answers({"error": {"message": "overloaded"}}),
    "no choices": answers({"choices": []}),
    "choices that are a text": answers({"choices": "none"}),
    "a choice that is null": answers({"choices": [None]}),
    "no message": answers({"choices": [{"finish_reason": "stop"}]}),
    "a message that is a text": _message("hello"),
    "a content that is a number": _content(5),
    "a content that is an object": _content({"text": "hello"}),
    "parts that are no parts": _content(["hello", None]),
    # Calls of tools.
    "calls that are no list": _message({"tool_calls": {"name": "add"}}),
    "a call that is null": _call(None),
    "a call without a function": _call({"id": "1"}),
    "a call without a name": _call({"id": "1", "function": {"arguments": "{}"}}),
    "a thousand calls": _message({"tool_calls": [{"function": {"name": "add"}}] * 1000}),
    "arguments that are no JSON": calls_tool("add", "{'a': 1}"),
    "arguments that break off": calls_tool("add", '{"a": 1'),
    "arguments that are a list": calls_tool("add", "[1, 2]"),
    "arguments that are NaN": calls_tool("add", '{"a": NaN}'),
    "arguments that are nested without end": calls_tool("add", '{"a":' * 5000),
    # Streams.
    "a stream that breaks off": _events(_piece({"content": "hello"})),
    "a stream of no JSON": _events("hello", "[DONE]"),
    "a stream of lists": _events("[]", "[DONE]"),
    "a stream of nothing": _events("[DONE]"),
    "a stream with an error": _events('{"error": {"message": "overloaded"}}', "[DONE]"),
    "a piece that is a number": _events(_piece({"content": 5}, "stop"), "[DONE]"),
    "pieces of a call without a place": _events(_piece({"tool_calls": [{"index": "x"}]}, "stop")),
    # Other statuses.
    "too long a prompt": fails(400, "maximum context length exceeded"),
    "an error of the server": fails(500),
    "an error without a word": answers(b"", status=503),
    "an error with a page of HTML": answers(b"<html>" + b"x" * 5000, status=502),
    "a status that nobody knows": answers(b"", status=599),
}
"""Each fails, or holds a call of a tool with its problem, whatever is asked."""


def generated_reply(seed: int) -> PeerReply:
    """Returns an answer that is a proper one with something broken at random; few stay proper."""
    draw = random.Random(seed)
    body = _proper(draw)
    for _ in range(draw.randint(1, 3)):
        body = _broken(body, draw)
    content = json.dumps(body).encode()
    if draw.random() < 0.3:
        content = _scrambled(content, draw)
    if draw.random() < 0.2:
        stream = b"".join(
            b"data: " + part + b"\n\n" for part in (content, content[: len(content) // 2])
        )
        return answers(stream, content_type="text/event-stream")
    status = draw.choice([200] * 12 + [400, 429, 500, 503])
    return answers(content, status=status)


def _proper(draw: random.Random) -> JsonValue:
    calls: JsonValue = [
        {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": [1, "b"]}'}}
    ]
    message: dict[str, JsonValue] = {
        "content": draw.choice(["hello", None, "", "\u00e9\U0001f642"])
    }
    if draw.random() < 0.5:
        message["tool_calls"] = calls
    usage: JsonValue = {"prompt_tokens": 9, "completion_tokens": 4}
    piece: dict[str, JsonValue] = {"delta": message, "message": message, "finish_reason": "stop"}
    return {"model": "simulated-small", "choices": [piece], "usage": usage}


_ODD: tuple[Callable[[random.Random], JsonValue], ...] = (
    lambda _: None,
    lambda _: "",
    lambda _: [],
    lambda _: {},
    lambda _: True,
    lambda draw: draw.choice([-1, 0, 1, 1 << 70, 1e308, -0.5]),
    lambda _: "\ud800 half a pair",
    lambda draw: "".join(map(chr, draw.choices(range(0x3000), k=draw.randint(1, 40)))),
    lambda draw: "x" * draw.randint(1, 20_000),
    lambda _: [[[[None]]]],
    lambda draw: draw.choice(['{"a": 1', "[]", "NaN", '{"a": "\\ud800"}', "\x00", "null"]),
)


def _broken(value: Any, draw: random.Random) -> Any:  # Any: whatever JSON holds
    """Returns a value with one place of it replaced, left out or doubled."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        key = draw.choice(list(value))
        if draw.random() < 0.15:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: _broken(value[key], draw)}
    if isinstance(value, list) and value and draw.random() < 0.9:
        place = draw.randrange(len(value))
        if draw.random() < 0.15:
            return value[:place] + value[place:] * 2
        return [*value[:place], _broken(value[place], draw), *value[place + 1 :]]
    return draw.choice(_ODD)(draw)


def _scrambled(content: bytes, draw: random.Random) -> bytes:
    begin = draw.randrange(len(content))
    end = min(len(content), begin + draw.randint(1, 40))
    return content[:begin] + draw.randbytes(draw.randint(0, 10)) + content[end:]
