"""The talk between a coding agent and its model, one turn at a time: what is sent, what is done."""

from __future__ import annotations

from agentlab.core.tool import Tools
from agentlab.errors import ToolError
from agentlab.llm.model import Completion, Message, ModelTool, ToolCall
from agentlab.meta.lab.fence import cut
from agentlab.meta.lab.tools import LabTools

__all__ = ["SYSTEM", "answers_to", "model_tools", "opening", "turn_of"]

SYSTEM = (
    "You improve a program, called the target, by one proposal at a time. Work in this order: read "
    "the brief; find out why episodes fail, by their traces or a probe; change the mechanism that "
    "makes them fail; run train trials of your change; submit it with a hypothesis that could "
    "turn out false. You act by calling tools, and only by calling tools. The tool submit ends "
    "your work."
)

_ANSWER_CHARACTERS = 16_000
_MOST_CALLS = 16
"""Calls of one turn that are made; what comes after is answered with a refusal."""


def opening(brief: str) -> list[Message]:
    """Returns the messages before the first turn."""
    return [Message(role="system", content=SYSTEM), Message(role="user", content=brief)]


def model_tools(tools: Tools) -> tuple[ModelTool, ...]:
    """Returns the lab's tools as a model is told of them."""
    return tuple(
        ModelTool(name=name, description=tool.description, parameters=tool.schema)
        for name, tool in tools.items()
    )


def turn_of(completion: Completion) -> Message:
    """Returns a model's turn, its text cut where it is endless."""
    return Message(
        role="assistant",
        content=cut(completion.text, _ANSWER_CHARACTERS),
        tool_calls=completion.tool_calls,
    )


def answers_to(turn: Message, lab: LabTools) -> list[Message]:
    """Makes the calls of a turn and returns their answers, one message for each call."""
    if not turn.tool_calls:
        said = "Call a tool. If your proposal is ready, call submit."
        return [Message(role="user", content=said)]
    tools = Tools.of(lab)
    return [
        Message(role="tool", tool_call_id=call.id, content=_answer(call, tools, place))
        for place, call in enumerate(turn.tool_calls)
    ]


def _answer(call: ToolCall, tools: Tools, place: int) -> str:
    if place >= _MOST_CALLS:
        return f"not made: at most {_MOST_CALLS} calls in one turn"
    if call.problem:
        return f"not made: {call.problem}"
    tool = tools.get(call.name)
    if tool is None:
        return f"no tool {call.name!r}; there are {', '.join(tools)}"
    try:
        return cut(str(tool.call(call.arguments).value), _ANSWER_CHARACTERS)
    except ToolError as error:
        return f"{error.kind}: {error.message}"
