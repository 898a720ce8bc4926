"""A language model without a model: its answers are written down beforehand."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping

from agentlab.errors import InputError
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.tokens import count_tokens

__all__ = ["Reply", "ScriptedModel", "prompt_text"]

Reply = str | Completion
"""What a script says; a text is counted by the offline tokenizer."""


class ScriptedModel:
    """Answers by a script, the same request always alike unless the script is a list.

    Costs what its name costs in the price table: an unnamed price is an error here too.
    """

    def __init__(self, script: Callable[[CompletionRequest], Reply]) -> None:
        self._script = script
        self._lock = threading.Lock()
        self.requests: list[CompletionRequest] = []
        """Every request so far, in order."""

    @classmethod
    def of_list(cls, replies: Iterable[Reply]) -> ScriptedModel:
        """Returns a model that gives one reply after the other and then fails."""
        rest = iter(tuple(replies))

        def next_reply(request: CompletionRequest) -> Reply:
            for reply in rest:
                return reply
            raise InputError(f"the script has no reply left for: {_beginning(request)}")

        return cls(next_reply)

    @classmethod
    def of_patterns(cls, replies: Mapping[str, Reply]) -> ScriptedModel:
        """Returns a model that gives the reply of the first pattern found in what it is told.

        Args:
            replies: By regular expression, searched in all messages joined by line ends.
        """
        compiled = [(re.compile(pattern), reply) for pattern, reply in replies.items()]

        def matching_reply(request: CompletionRequest) -> Reply:
            text = prompt_text(request)
            for pattern, reply in compiled:
                if pattern.search(text):
                    return reply
            raise InputError(
                f"no pattern of the script ({', '.join(replies)}) is in: {_beginning(request)}"
            )

        return cls(matching_reply)

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        """Returns what the script says, cut at `max_tokens`.

        Raises:
            InputError: the script says nothing to this.
        """
        # One at a time, so that a list is dealt out in the order of `requests`.
        with self._lock:
            self.requests.append(request)
            reply = self._script(request)
        if isinstance(reply, Completion):
            return reply
        text, is_cut = _cut(reply, request.settings.max_tokens)
        return Completion(
            text=text,
            prompt_tokens=count_tokens(prompt_text(request)),
            completion_tokens=count_tokens(text),
            model=request.model,
            finish="length" if is_cut else "stop",
        )


def prompt_text(request: CompletionRequest) -> str:
    """Returns the texts of all messages, joined by line ends."""
    return "\n".join(message.content for message in request.messages)


def _cut(text: str, max_tokens: int) -> tuple[str, bool]:
    if count_tokens(text) <= max_tokens:
        return text, False
    length = 0
    while count_tokens(text[: length + 1]) <= max_tokens:
        length += 1
    return text[:length], True


def _beginning(request: CompletionRequest) -> str:
    text = prompt_text(request)
    return f"{text[:80]!r}{'...' if len(text) > 80 else ''}"
