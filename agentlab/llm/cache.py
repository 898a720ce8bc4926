"""Answers by their questions, so that none is paid for twice."""

from __future__ import annotations

from collections.abc import MutableMapping

from agentlab.llm.model import Completion, CompletionRequest

__all__ = ["AnswerCache"]


class AnswerCache:
    """Keeps answers as JSON by the content address of model, messages, tools and settings.

    Args:
        answers: Where they are kept; a dictionary in memory if nothing is given. What outlives the
            process, or is shared between processes, is the matter of the mapping.
    """

    def __init__(self, answers: MutableMapping[str, str] | None = None) -> None:
        self._answers: MutableMapping[str, str] = {} if answers is None else answers

    def get(self, request: CompletionRequest) -> Completion | None:
        """Returns the answer that was given to an equal question, or None."""
        text = self._answers.get(request.key)
        return None if text is None else Completion.model_validate_json(text)

    def put(self, request: CompletionRequest, completion: Completion) -> None:
        """Keeps an answer."""
        self._answers[request.key] = completion.model_dump_json()
