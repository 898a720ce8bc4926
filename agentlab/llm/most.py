"""The most tokens that a question can take, and what an answer took where nobody credible says."""

from __future__ import annotations

import math

from agentlab.core.value import canonical_json
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.tokens import count_tokens

__all__ = ["metered", "most_prompt_tokens", "most_tokens"]

_PROMPT_MARGIN = 2.5
"""No text that was tried has more tokens, at a real model, than this times our own count."""

_BELIEVED = 16
"""Who tells more than so many times the most that was expected does not count tokens."""


def most_prompt_tokens(request: CompletionRequest) -> int:
    """Returns a bound on the prompt's tokens that a real tokenizer does not pass."""
    sent = request.model_dump(mode="json", include={"messages", "tools"}, exclude_defaults=True)
    return math.ceil(_PROMPT_MARGIN * count_tokens(canonical_json(sent)))


def most_tokens(request: CompletionRequest) -> Completion:
    """Returns an answer, without a text, of the most tokens that a question can take."""
    return Completion(
        prompt_tokens=most_prompt_tokens(request),
        completion_tokens=request.settings.max_tokens,
        is_usage_told=False,
        model=request.model,
    )


def metered(
    answer: Completion, told: tuple[int, int] | None, request: CompletionRequest
) -> Completion:
    """Returns an answer with its tokens.

    What the model told is believed where it can be true: something was sent, something came where
    there is a text, and no multiple of what was asked for. Else it is the most that our own count
    allows, hidden reasoning not included.

    Args:
        answer: What was answered, its tokens aside.
        told: Tokens sent and answered as the model told them, if it did.
        request: The question.
    """
    most = most_tokens(request)
    said = [
        answer.text,
        *(f"{call.name} {canonical_json(call.arguments)}" for call in answer.tool_calls),
    ]
    counted = count_tokens(" ".join(said))
    if told is not None:
        prompt, completion = told
        is_sent = 0 < prompt <= _BELIEVED * most.prompt_tokens
        is_answered = bool(completion) >= bool(counted)
        if is_sent and is_answered and completion <= _BELIEVED * most.completion_tokens:
            return answer.model_copy(
                update={"prompt_tokens": prompt, "completion_tokens": completion}
            )
    is_cut = answer.finish == "length"
    at_most = min(most.completion_tokens, math.ceil(_PROMPT_MARGIN * counted))
    return answer.model_copy(
        update={
            "prompt_tokens": most.prompt_tokens,
            "completion_tokens": most.completion_tokens if is_cut else at_most,
            "is_usage_told": False,
        }
    )
