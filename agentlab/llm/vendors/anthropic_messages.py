"""The messages protocol of Anthropic, as its SDK speaks it: `POST /v1/messages`."""

from __future__ import annotations

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

_FINISH: Mapping[Finish, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "refused": "refusal",
}
_KNOWN = {
    *("model", "messages", "system", "tools", "max_tokens", "temperature", "stop_sequences"),
    *("stream", "tool_choice", "metadata"),
}


def asked(body: Mapping[str, Any]) -> Asked:  # Any: whatever the SDK sent
    """Returns the question of a request.

    Raises:
        BadRequest: it has no shape, or asks for what is not to be had here.
    """
    no_others(body, _KNOWN)
    choice = body.get("tool_choice")
    if choice is not None and (not isinstance(choice, dict) or choice.get("type") != "auto"):
        wrong("tool_choice", "only {'type': 'auto'} is taken")
    messages, tools = body.get("messages"), body.get("tools")
    if not isinstance(messages, list) or not messages:
        wrong("messages", "must be a list of messages")
    if not isinstance(tools, list | None):
        wrong("tools", "must be a list of tools")
    system = texts(body.get("system"), "system")
    turns = [Message(role="system", content=system)] if system else []
    for number, given in enumerate(messages):
        turns += _turns(given, f"messages.{number}")
    request = CompletionRequest.model_validate(
        {
            "model": body.get("model"),
            "messages": turns,
            "tools": [_tool(each, f"tools.{n}") for n, each in enumerate(tools or ())],
            "settings": Settings.model_validate(
                {
                    "max_tokens": numbers(body, "max_tokens", default=1024),
                    "temperature": body.get("temperature"),
                    "stop": body.get("stop_sequences") or (),
                }
            ),
        }
    )
    return Asked(request, body.get("stream") is True)


def _turns(given: Any, where: str) -> Iterator[Message]:
    """Yields the turns that a message holds: results of tools are turns of their own."""
    role = given.get("role") if isinstance(given, dict) else None
    if role not in ("user", "assistant"):
        wrong(where, "its role is user or assistant")
    content = given.get("content")
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    plain, calls = [], []
    for number, block in enumerate(blocks):
        place = f"{where}.content.{number}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "tool_result" and role == "user":
            yield Message(
                role="tool",
                content=texts(block.get("content"), f"{place}.content"),
                tool_call_id=str(block.get("tool_use_id")),
            )
        elif kind == "tool_use" and role == "assistant":
            calls.append(_call(block, place))
        else:
            plain.append(texts([block], place))
    if plain or calls:
        yield Message(role=role, content="".join(plain), tool_calls=tuple(calls))


def _call(block: Mapping[str, Any], where: str) -> ToolCall:
    arguments = block.get("input")
    if not isinstance(arguments, dict):
        wrong(f"{where}.input", "must be an object")
    return ToolCall(id=str(block.get("id")), name=str(block.get("name")), arguments=arguments)


def _tool(given: Any, where: str) -> ModelTool:
    if not isinstance(given, dict) or given.get("type") not in (None, "custom"):
        wrong(where, "only tools of your own are taken")
    return ModelTool(
        name=str(given.get("name")),
        description=str(given.get("description") or ""),
        parameters=given.get("input_schema") or {"type": "object"},
    )


def whole(answer: Completion, key: str) -> str:
    """Returns an answer that comes whole, JSON.

    Args:
        answer: The answer.
        key: Content address of the question.
    """
    return plain_json(_message(answer, key, _blocks(answer)))


def events(answer: Completion, key: str) -> str:
    """Returns an answer that comes piece by piece, as the text of its events."""
    return "".join(
        f"event: {kind}\ndata: {plain_json({'type': kind, **data})}\n\n"
        for kind, data in _pieces(answer, key)
    )


def _pieces(answer: Completion, key: str) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    begun = {**_message(answer, key, []), "stop_reason": None}
    yield "message_start", {"message": begun}
    for number, block in enumerate(_blocks(answer)):
        at: dict[str, JsonValue] = {"index": number}
        if block["type"] == "text":
            empty: dict[str, JsonValue] = {"type": "text", "text": ""}
            delta: dict[str, JsonValue] = {"type": "text_delta", "text": block["text"]}
        else:
            empty = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": plain_json(block["input"])}
        yield "content_block_start", {**at, "content_block": empty}
        yield "content_block_delta", {**at, "delta": delta}
        yield "content_block_stop", at
    end: JsonValue = {"stop_reason": _FINISH[answer.finish], "stop_sequence": None}
    yield "message_delta", {"delta": end, "usage": _usage(answer)}
    yield "message_stop", {}


def error_text(message: str) -> str:
    """Returns a refusal, JSON."""
    error = {"type": "invalid_request_error", "message": message}
    return plain_json({"type": "error", "error": error})


def _message(
    answer: Completion, key: str, blocks: list[dict[str, JsonValue]]
) -> dict[str, JsonValue]:
    return {
        "id": f"msg_{key}",
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "content": [*blocks],
        "stop_reason": _FINISH[answer.finish],
        "stop_sequence": None,
        "usage": _usage(answer),
    }


def _blocks(answer: Completion) -> list[dict[str, JsonValue]]:
    said: list[dict[str, JsonValue]] = (
        [{"type": "text", "text": answer.text}] if answer.text else []
    )
    return said + [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}
        for call in answer.tool_calls
    ]


def _usage(answer: Completion) -> dict[str, JsonValue]:
    return {"input_tokens": answer.prompt_tokens, "output_tokens": answer.completion_tokens}
