"""What is asked of a language model and what it answers."""

from __future__ import annotations

import functools
from typing import Literal, Protocol

from pydantic import Field

from agentlab.core.value import JsonValue, Value, digest

__all__ = [
    "Completion",
    "CompletionRequest",
    "Finish",
    "LanguageModel",
    "Message",
    "ModelTool",
    "Settings",
    "ToolCall",
]

Finish = Literal["stop", "length", "tool_calls", "refused"]
"""Why it ended: it was done, it had no tokens left, it wants tools called, it would not answer."""


class ToolCall(Value):
    """A call that a model wants made."""

    id: str
    """Pairs the call with the message of its result."""

    name: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


class Message(Value):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    """Of the assistant's turns alone."""

    tool_call_id: str | None = None
    """The call that a turn of a tool answers."""


class ModelTool(Value):
    """A tool as a model is told of it."""

    name: str
    description: str
    parameters: dict[str, JsonValue]
    """JSON schema of the arguments."""


class Settings(Value):
    """How to answer. What is None is left to the model."""

    max_tokens: int = Field(default=1024, gt=0)
    """Most tokens of an answer; also what is set aside before the call."""

    temperature: float | None = Field(default=None, ge=0)
    seed: int | None = None
    """Another seed is another question, with a place of its own in the cache."""

    stop: tuple[str, ...] = ()
    """Texts that end an answer."""


class CompletionRequest(Value):
    """One question. Two that are equal may be given the same answer."""

    model: str
    """The model's name, as the price table and the backend know it."""

    messages: tuple[Message, ...] = Field(min_length=1)
    tools: tuple[ModelTool, ...] = ()
    settings: Settings = Settings()

    @functools.cached_property
    def key(self) -> str:
        """Content address of the question: 32 hex digits."""
        return digest(self.model_dump(mode="json"))


class Completion(Value):
    """One answer."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    prompt_tokens: int = Field(ge=0)
    """What was sent, as the model counts it."""

    completion_tokens: int = Field(ge=0)
    """What it answered, as the model counts it, hidden reasoning included."""

    model: str
    """The model that answered; it is the one to be paid, whatever was asked for."""

    finish: Finish = "stop"


class LanguageModel(Protocol):
    """A backend: it answers questions and knows nothing of money, caps or caches."""

    def complete(self, request: CompletionRequest) -> Completion:
        """Returns the model's answer; may be called from several threads at one time.

        It makes the one call it is asked for: tokens are those of this call alone, and whoever
        tries again does so above it. At most `settings.max_tokens` are answered. Neither side may
        change the request.

        Raises:
            InfraError: the model could not be reached, was overloaded or answered nonsense; the
                same question may succeed later.
            InputError: it will never answer this: an unknown model, a wrong key, a request it
                refuses to take.
        """
        ...
