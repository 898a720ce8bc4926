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
    problem: str = ""
    """Why it cannot be made, where the model wrote no proper call: tell it so in the message of the
    call's result. Empty where it can be."""


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
    sample: str = ""
    """Which of the answers that a model may give to one question: another sample is another answer,
    remembered in a place of its own. The model is not told."""

    @functools.cached_property
    def key(self) -> str:
        """Content address of the question: 32 hex digits."""
        return digest(self.model_dump(mode="json", exclude=set() if self.sample else {"sample"}))


class Completion(Value):
    """One answer."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    prompt_tokens: int = Field(ge=0)
    """What was sent, as the model counts it."""

    completion_tokens: int = Field(ge=0)
    """What it answered, as the model counts it, hidden reasoning included."""

    is_usage_told: bool = True
    """Whether the model told its tokens; where it did not, they are the most it may have been."""

    model: str
    """The model that answered; it is the one to be paid, whatever was asked for."""

    finish: Finish = "stop"


class LanguageModel(Protocol):
    """A backend: it answers questions and knows nothing of money, caps or caches."""

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        """Returns the model's answer; may be called from several threads at one time.

        It makes the one call it is asked for: tokens are those of this call alone, and whoever
        tries again does so above it. At most `settings.max_tokens` are answered. Neither side may
        change the request.

        Args:
            request: The question.
            timeout_s: Seconds after which it gives up, whatever has come by then.

        Raises:
            ModelFailure: the model could not be reached, was overloaded, took too long, refused
                the question or answered nonsense; the failure says which.
            InfraError: our side failed otherwise.
            InputError: it will never answer anything: an unknown model, a wrong key.
        """
        ...
