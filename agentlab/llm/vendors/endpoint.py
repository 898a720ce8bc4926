"""The trusted end of the endpoints that a target's SDK speaks to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import JsonValue, ValidationError

from agentlab.core.tool import Tool, ToolResult
from agentlab.core.value import canonical_json
from agentlab.errors import ModelFailure
from agentlab.llm.chat import short
from agentlab.llm.gateway import ModelAccess
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.tokens import is_printable
from agentlab.llm.vendors import anthropic_messages, openai_chat
from agentlab.llm.vendors.given import Asked, BadRequest

__all__ = ["VendorEndpoint"]


class _Protocol(NamedTuple):
    asked: Callable[[Mapping[str, Any]], Asked]
    whole: Callable[[Completion, str], str]
    events: Callable[[Completion, str], str]
    error_text: Callable[[str], str]


_OPENAI = _Protocol(
    openai_chat.asked, openai_chat.whole, openai_chat.events, openai_chat.error_text
)
_ANTHROPIC = _Protocol(
    anthropic_messages.asked,
    anthropic_messages.whole,
    anthropic_messages.events,
    anthropic_messages.error_text,
)
_BY_PATH = {"/v1/chat/completions": _OPENAI, "/v1/messages": _ANTHROPIC}


class VendorEndpoint:
    """Answers what a target's SDK asks, by the models that it may ask.

    What the target itself does wrong is an answer to it, as the vendor would give it; what fails on
    our side goes through, and the trial is not scored.

    Args:
        models: Who answers.
        names: The models that may be asked: what the target calls them to what the backend does.
        sample: Which of the answers of a model this trial sees: the same trial the same ones, a
            repetition others. Within it, a question that is asked again has another answer.
    """

    def __init__(self, models: ModelAccess, names: Mapping[str, str], *, sample: str) -> None:
        self._models = models
        self._names = names
        self._sample = sample
        self._asked = Counter[str]()
        self.tool = Tool("$model", self.post, is_step=False)
        """The call that comes over the wire."""

    def post(self, path: str, body: dict[str, JsonValue]) -> ToolResult:
        """Answers one request of an SDK: its status, its type and its text.

        Raises:
            BudgetSpent: the call might pass a cap of the run.
            ModelDown: the model is not asked any more.
            InfraError: the model could not answer.
        """
        protocol = _BY_PATH.get(path)
        if protocol is None:
            known = ", ".join(_BY_PATH)
            return _refused(404, f"nobody answers at {path}; there are {known}", _OPENAI)
        try:
            asked = protocol.asked(body)
        except (BadRequest, ValidationError) as error:
            return _refused(400, _told(error), protocol)
        name = self._names.get(asked.request.model)
        if name is None:
            known = ", ".join(self._names)
            return _refused(404, f"no model '{asked.request.model}'; there are {known}", protocol)
        request = asked.request.model_copy(update={"model": name})
        if not _can_be_seen(request):
            return _refused(400, "a prompt is text that can be seen: no control signs", protocol)
        try:
            answer = self._models.ask(self._of_this_trial(request))
        except ModelFailure as failure:
            if not failure.is_refusal:
                raise
            return _refused(400, failure.reason, protocol)
        as_asked = answer.completion.model_copy(update={"model": asked.request.model})
        text = (protocol.events if asked.is_stream else protocol.whole)(as_asked, request.key)
        kind = "text/event-stream" if asked.is_stream else "application/json"
        return ToolResult(
            value={"status": 200, "type": kind, "text": text},
            prompt_tokens=answer.completion.prompt_tokens,
            completion_tokens=answer.completion.completion_tokens,
            cost_usd=answer.cost_usd,
        )

    def _of_this_trial(self, request: CompletionRequest) -> CompletionRequest:
        self._asked[request.key] += 1
        sample = f"{self._sample}/{self._asked[request.key]}"
        return CompletionRequest(
            model=request.model,
            messages=request.messages,
            tools=request.tools,
            settings=request.settings,
            sample=sample,
        )


def _can_be_seen(request: CompletionRequest) -> bool:
    """Returns whether nothing is sent that no count of tokens sees."""
    rest = request.model_dump(mode="json", include={"messages", "tools"})
    contents = (message.content for message in request.messages)
    # The JSON of a control sign can be seen, so contents are looked at as they are.
    return is_printable(canonical_json(rest)) and all(map(is_printable, contents))


def _refused(status: int, message: str, protocol: _Protocol) -> ToolResult:
    text = protocol.error_text(message)
    return ToolResult(value={"status": status, "type": "application/json", "text": text})


def _told(error: BadRequest | ValidationError) -> str:
    if isinstance(error, BadRequest):
        return short(error)
    problem = error.errors(include_url=False, include_input=False)[0]
    return short(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}")
