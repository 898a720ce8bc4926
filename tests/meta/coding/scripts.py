"""Models by a script, whose turns are calls of tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from agentlab.llm.cache import AnswerCache
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import Completion, CompletionRequest, ToolCall
from agentlab.llm.prices import Price, builtin_prices
from agentlab.llm.scripted import ScriptedModel

__all__ = ["BETTER", "PRICES", "calls", "edits_and_submits", "gateway_of", "says"]

BETTER = "def solve(goal, tools):\n    return {n}\n"

PRICES = builtin_prices().with_prices({"m": Price(prompt=1.0, completion=1.0)})

Turn = Sequence[tuple[str, dict[str, JsonValue]]]


def calls(*made: tuple[str, dict[str, JsonValue]]) -> Completion:
    """Returns a turn that calls tools."""
    return Completion(
        tool_calls=tuple(
            ToolCall(id=f"call_{n}", name=name, arguments=arguments)
            for n, (name, arguments) in enumerate(made)
        ),
        prompt_tokens=10,
        completion_tokens=5,
        model="m",
        finish="tool_calls",
    )


def says(text: str) -> Completion:
    """Returns a turn that calls nothing."""
    return Completion(text=text, prompt_tokens=10, completion_tokens=5, model="m")


def edits_and_submits(request: CompletionRequest) -> Completion:
    """Writes another file for each seed of a question, and submits it."""
    if request.messages[-1].role == "user":
        new = BETTER.format(n=request.settings.seed)
        return calls(("edit_file", {"path": "agent.py", "new": new}))
    return calls(
        (
            "submit",
            {"title": "another", "hypothesis": "it answers more", "tasks": ["a"], "size": 0.1},
        )
    )


def gateway_of(
    script: Callable[[CompletionRequest], Completion] | Sequence[Completion],
    *,
    cache: AnswerCache | None = None,
) -> tuple[Gateway, ScriptedModel]:
    """Returns a gateway before a model that follows a script."""
    model = ScriptedModel(script) if callable(script) else ScriptedModel.of_list(script)
    return Gateway(model, prices=PRICES, cache=cache), model
