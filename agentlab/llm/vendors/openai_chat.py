"""The chat protocol of OpenAI, as its SDK speaks it: `POST /v1/chat/completions`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from agentlab.core.value import plain_json
from agentlab.llm.model import (
    Completion,
    CompletionRequest,
    Finish,
    Message,
    ModelTool,
    Settings,
    ToolCall,
)
from agentlab.llm.vendors.given import Asked, no_others, numbers, texts, wrong

__all__ = ["asked", "error_text", "events", "whole"]

_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_FINISH: Mapping[Finish, str] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "refused": "content_filter",
}
_KNOWN = {
    *("model", "messages", "tools", "max_tokens", "max_completion_tokens", "temperature", "seed"),
    *("stop", "stream", "stream_options", "n", "tool_choice", "parallel_tool_calls"),
    *("user", "metadata", "store"),
}


def asked(body: Mapping[str, Any]) -> Asked:  # Any: whatever the SDK sent
    """Returns the question of a request.

    Raises:
        BadRequest: it has no shape, or asks for what is not to be had here.
    """
    no_others(body, _KNOWN)
    if body.get("n") not in (None, 1):
        wrong("n", "one answer is given, not several")
    if body.get("tool_choice") not in (None, "auto"):
        wrong("tool_choice", "only 'auto' is taken")
    messages, tools = body.get("messages"), body.get("tools")
    if not isinstance(messages, list) or not messages:
        wrong("messages", "must be a list of messages")
    if not isinstance(tools, list | None):
        wrong("tools", "must be a list of tools")
    stop = body.get("stop")
    request = CompletionRequest.model_validate(
        {
            "model": body.get("model"),
            "messages": [_message(each, f"messages.{n}") for n, each in enumerate(messages)],
            "tools": [_tool(each, f"tools.{n}") for n, each in enumerate(tools or ())],
            "settings": Settings.model_validate(
                {
                    "max_tokens": numbers(
                        body, "max_completion_tokens", "max_tokens", default=1024
                    ),
                    "temperature": body.get("temperature"),
                    "seed": body.get("seed"),
                    "stop": (stop,) if isinstance(stop, str) else stop or (),
                }
            ),
        }
    )
    return Asked(request, body.get("stream") is True)


def _message(given: Any, where: str) -> Message:
    if not isinstance(given, dict):
        wrong(where, "is no message")
    content = texts(given.get("content"), f"{where}.content")
    if given.get("role") == "tool":
        return Message(role="tool", content=content, tool_call_id=str(given.get("tool_call_id")))
    role = _ROLES.get(str(given.get("role")))
    if role is None:
        wrong(f"{where}.role", f"one of {', '.join(_ROLES)}, tool")
    calls = given.get("tool_calls") or ()
    return Message.model_validate(
        {
            "role": role,
            "content": content,
            "tool_calls": [_call(call, f"{where}.tool_calls.{n}") for n, call in enumerate(calls)],
        }
    )


def _call(given: Any, where: str) -> ToolCall:
    function = given.get("function") if isinstance(given, dict) else None
    if not isinstance(function, dict):
        wrong(where, "is no call of a function")
    try:
        arguments = json.loads(function.get("arguments") or "{}")
    except (ValueError, TypeError, RecursionError):
        # What the model said so, and was told of: it stays what it was, no call.
        arguments = {}
    return ToolCall(
        id=str(given.get("id")),
        name=str(function.get("name")),
        arguments=arguments if isinstance(arguments, dict) else {},
    )


def _tool(given: Any, where: str) -> ModelTool:
    function = given.get("function") if isinstance(given, dict) else None
    if not isinstance(function, dict) or given.get("type") != "function":
        wrong(where, "only functions are taken")
    return ModelTool(
        name=str(function.get("name")),
        description=str(function.get("description") or ""),
        parameters=function.get("parameters") or {"type": "object"},
    )


def whole(answer: Completion, key: str) -> str:
    """Returns an answer that comes whole, JSON.

    Args:
        answer: The answer.
        key: Content address of the question.
    """
    message: dict[str, JsonValue] = {"role": "assistant", "content": answer.text or None}
    if answer.tool_calls:
        message["tool_calls"] = [*_calls(answer)]
    return plain_json(
        {
            **_shared(answer, key, "chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": _FINISH[answer.finish]}],
            "usage": _usage(answer),
        }
    )


def events(answer: Completion, key: str) -> str:
    """Returns an answer that comes piece by piece, as the text of its events."""
    return "".join(f"data: {piece}\n\n" for piece in (*_pieces(answer, key), "[DONE]"))


def _pieces(answer: Completion, key: str) -> Iterator[str]:
    shared = _shared(answer, key, "chat.completion.chunk")
    deltas: list[dict[str, JsonValue]] = [{"role": "assistant", "content": answer.text}]
    deltas += [
        {"tool_calls": [{"index": number, **call}]} for number, call in enumerate(_calls(answer))
    ]
    for delta in deltas:
        choice: JsonValue = {"index": 0, "delta": delta, "finish_reason": None}
        yield plain_json({**shared, "choices": [choice]})
    end: JsonValue = {"index": 0, "delta": {}, "finish_reason": _FINISH[answer.finish]}
    yield plain_json({**shared, "choices": [end]})
    yield plain_json({**shared, "choices": [], "usage": _usage(answer)})


def error_text(message: str) -> str:
    """Returns a refusal, JSON."""
    return plain_json({"error": {"message": message, "type": "invalid_request_error"}})


def _shared(answer: Completion, key: str, kind: str) -> dict[str, JsonValue]:
    # No time of day: the same question has the same answer, to the byte.
    return {"id": f"chatcmpl-{key}", "object": kind, "created": 0, "model": answer.model}


def _calls(answer: Completion) -> list[dict[str, JsonValue]]:
    return [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": plain_json(call.arguments)},
        }
        for call in answer.tool_calls
    ]


def _usage(answer: Completion) -> dict[str, JsonValue]:
    sent, said = answer.prompt_tokens, answer.completion_tokens
    return {"prompt_tokens": sent, "completion_tokens": said, "total_tokens": sent + said}
