"""A language model as a tool of an episode: trusted, metered, the same for every candidate."""

from __future__ import annotations

from agentlab.core.tool import ToolResult
from agentlab.errors import ToolError
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import CompletionRequest, Message, Settings
from agentlab.llm.tokens import is_printable

__all__ = ["ask_as_tool"]


def ask_as_tool(
    gateway: Gateway,
    prompt: str,
    *,
    model: str,
    system: str = "",
    settings: Settings = Settings(),  # noqa: B008 (a frozen value)
) -> ToolResult:
    """Returns the model's text with what it spent, for a method marked with `@tool`.

        @tool
        def model(self, prompt: str) -> ToolResult:
            \"\"\"Asks the language model.\"\"\"
            return ask_as_tool(self._gateway, prompt, model="gpt-5-nano")

    The candidate chooses the prompt alone. Money that the run has no more of is no fault of the
    candidate: `BudgetSpent` goes through, and the trial is not scored.

    Raises:
        ToolError: kind `unprintable`, where the prompt holds signs that nobody can see.
        BudgetSpent: the call might pass a cap of the gateway.
        InfraError: the model could not answer.
    """
    if not is_printable(prompt):
        raise ToolError("unprintable", "a prompt is text that can be seen: no control signs")
    turns = [Message(role="system", content=system)] if system else []
    answer = gateway.ask(
        CompletionRequest(
            model=model,
            messages=(*turns, Message(role="user", content=prompt)),
            settings=settings,
        )
    )
    return ToolResult(
        value=answer.completion.text,
        prompt_tokens=answer.completion.prompt_tokens,
        completion_tokens=answer.completion.completion_tokens,
        cost_usd=answer.cost_usd,
    )
