"""The chat protocol that most servers of models speak: what is sent, and what comes back.

Nothing that comes back is trusted to have a shape. What cannot be read as an answer is a
`ModelFailure` with its reason; a single call of a tool that cannot be read is a problem of that
call, which the model can be told.
"""

from __future__ import annotations

import json
import math
from typing import Any

from pydantic import JsonValue

from agentlab.errors import ModelFailure
from agentlab.llm.model import Completion, CompletionRequest, Finish, Message, ToolCall
from agentlab.llm.most import metered

__all__ = ["answer_of", "body_of", "clean", "messages_of", "short", "tools_of"]

_FINISH: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "max_tokens": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "refused",
}
_MOST_TOOL_CALLS = 256


def body_of(request: CompletionRequest, *, limit_key: str = "max_tokens") -> dict[str, JsonValue]:
    """Returns a question as the protocol has it.

    Args:
        request: The question.
        limit_key: What the server calls the most tokens of an answer.
    """
    settings = request.settings
    body: dict[str, JsonValue] = {
        "model": request.model,
        "messages": messages_of(request),
        limit_key: settings.max_tokens,
    }
    if request.tools:
        body["tools"] = tools_of(request)
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.seed is not None:
        body["seed"] = settings.seed
    if settings.stop:
        body["stop"] = list(settings.stop)
    return body


def messages_of(request: CompletionRequest) -> list[JsonValue]:
    """Returns the turns of a conversation as the protocol has them."""
    return [_turn(message) for message in request.messages]


def tools_of(request: CompletionRequest) -> list[JsonValue]:
    """Returns the tools as the protocol has them."""
    return [{"type": "function", "function": tool.model_dump()} for tool in request.tools]


def _turn(message: Message) -> JsonValue:
    turn: dict[str, JsonValue] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        turn["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def answer_of(body: Any, request: CompletionRequest, *, endpoint: str) -> Completion:
    """Returns what a server answered.

    Args:
        body: The answer's JSON, of whatever shape.
        request: The question.
        endpoint: Who answered, for the failure.

    Raises:
        ModelFailure: it cannot be read as an answer; it may cost something all the same.
    """
    reader = _Reader(endpoint)
    reader.expect(isinstance(body, dict), "its answer is no JSON object")
    if body.get("error"):
        raise reader.failure(f"it answered with an error: {short(body['error'])}")
    choices = body.get("choices")
    reader.expect(isinstance(choices, list) and choices, "its answer has no `choices`")
    choice = choices[0]
    reader.expect(isinstance(choice, dict), "its answer's first choice is no JSON object")
    message = choice.get("message")
    reader.expect(isinstance(message, dict), "its answer's first choice has no `message`")
    text = reader.text(message.get("content"))
    calls = reader.calls(message.get("tool_calls"))
    model = body.get("model")
    finish = choice.get("finish_reason")
    is_refused = bool(message.get("refusal")) or finish == "content_filter"
    return metered(
        Completion(
            text=text,
            tool_calls=calls,
            prompt_tokens=0,
            completion_tokens=0,
            model=clean(model) if isinstance(model, str) and model.strip() else request.model,
            finish="refused" if is_refused else _finish(finish, calls),
        ),
        _usage(body.get("usage")),
        request,
    )


class _Reader:
    """Reads an answer and fails with its address."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def failure(self, reason: str) -> ModelFailure:
        return ModelFailure(reason, endpoint=self._endpoint, may_cost=True)

    def expect(self, is_so: object, otherwise: str) -> None:
        if not is_so:
            raise self.failure(otherwise)

    def text(self, content: Any) -> str:
        """Returns the text of a content, which is a text, parts of which some are, or nothing."""
        if content is None:
            return ""
        if isinstance(content, list):
            parts = [part.get("text") for part in content if isinstance(part, dict)]
            self.expect(
                len(parts) == len(content) and all(isinstance(text, str | None) for text in parts),
                "its answer's `content` is a list of something else than parts",
            )
            return clean("".join(text or "" for text in parts))
        self.expect(isinstance(content, str), "its answer's `content` is no text")
        return clean(str(content))

    def calls(self, given: Any) -> tuple[ToolCall, ...]:
        if given is None:
            return ()
        self.expect(isinstance(given, list), "its answer's `tool_calls` is no list")
        self.expect(len(given) <= _MOST_TOOL_CALLS, f"it called {len(given)} tools at once")
        return tuple(self.call(number, one) for number, one in enumerate(given))

    def call(self, number: int, given: Any) -> ToolCall:
        function = given.get("function") if isinstance(given, dict) else None
        self.expect(isinstance(function, dict), "it called a tool without `function`")
        assert isinstance(function, dict)
        name, identity = function.get("name"), given.get("id")
        self.expect(isinstance(name, str) and name, "it called a tool without a name")
        assert isinstance(name, str)
        arguments, problem = _arguments(function.get("arguments"))
        return ToolCall(
            id=clean(identity) if isinstance(identity, str) and identity else f"call_{number}",
            name=clean(name),
            arguments=arguments,
            problem=problem,
        )


def clean(text: str) -> str:
    r"""Returns a text that can be written down: half a surrogate pair becomes the sign for unknown.

    >>> clean("a\ud800b")
    'a\ufffdb'
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _arguments(given: Any) -> tuple[dict[str, JsonValue], str]:
    """Returns the arguments of a call, or none and why they cannot be read."""
    value = given
    if isinstance(given, str):
        try:
            value = json.loads(clean(given), parse_constant=_no_constant) if given.strip() else {}
            # What came as an escape is there only now.
            value = json.loads(clean(json.dumps(value, ensure_ascii=False)))
        except (ValueError, RecursionError) as error:
            reason = error if isinstance(error, ValueError) else "nested too deeply"
            return {}, f"the arguments are no JSON: {reason}"
    if value is None:
        return {}, ""
    if not isinstance(value, dict):
        return {}, f"the arguments are {_kind(value)}, and must be a JSON object"
    return value, ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _usage(given: Any) -> tuple[int, int] | None:
    """Returns tokens sent and answered as the server told them, or None where it did not."""
    if not isinstance(given, dict):
        return None
    counts = given.get("prompt_tokens"), given.get("completion_tokens")
    if not all(_is_count(count) for count in counts):
        return None
    return int(counts[0]), int(counts[1])  # type: ignore[arg-type]


def _is_count(given: Any) -> bool:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return is_number and math.isfinite(given) and given >= 0 and given == int(given)


def _finish(given: Any, calls: tuple[ToolCall, ...]) -> Finish:
    if calls:
        return "tool_calls"
    told = _FINISH.get(given, "stop") if isinstance(given, str) else "stop"
    return "stop" if told == "tool_calls" else told


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "a truth value"}
    return names.get(type(value), "a number")


def short(value: Any) -> str:
    """Returns what somebody else said, in one line of at most 300 signs, without control signs."""
    inner = value.get("message", value) if isinstance(value, dict) else value
    text = " ".join(str(inner)[:2000].split())
    seen = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return seen if len(seen) <= 300 else f"{seen[:300]}..."
