from __future__ import annotations

import pytest

from agentlab.core.tool import ToolResult, Tools, tool
from agentlab.errors import ToolError


class Desk:
    @tool
    def add(self, first: int, second: int = 2) -> int:
        """Adds two numbers.

        More about it.
        """
        return first + second

    @tool(step=False)
    def look(self) -> ToolResult:
        return ToolResult(value="page", prompt_tokens=7, cost_usd=0.5)

    def hidden(self) -> None:
        raise AssertionError("no tool")


class Lower(Desk):
    @tool
    def refuse(self) -> None:
        raise ToolError("not_found", "there is none")

    def look(self) -> ToolResult:
        return ToolResult(value="other page")


def test_only_marked_methods_are_tools_in_their_order() -> None:
    assert list(Tools.of(Desk())) == ["add", "look"]


def test_a_subclass_keeps_the_marks_and_adds_its_own() -> None:
    tools = Tools.of(Lower())

    assert list(tools) == ["add", "look", "refuse"]
    assert tools["look"].call({}).value == "other page"


def test_a_call_gets_validated_arguments_and_defaults() -> None:
    add = Tools.of(Desk())["add"]

    assert add.call({"first": 1}).value == 3
    assert add.call({"first": "4", "second": 5}).value == 9


def test_what_a_call_spent_is_kept() -> None:
    result = Tools.of(Desk())["look"].call({})

    assert (result.prompt_tokens, result.cost_usd) == (7, 0.5)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [({}, "first"), ({"first": "x"}, "first"), ({"first": 1, "third": 3}, "third")],
    ids=["missing", "wrong type", "unknown"],
)
def test_bad_arguments_are_told_with_their_place(arguments: dict[str, object], where: str) -> None:
    with pytest.raises(ToolError, match=rf"add\({where}\)") as told:
        Tools.of(Desk())["add"].call(arguments)  # type: ignore[arg-type]
    assert told.value.kind == "bad_arguments"


def test_a_tools_own_refusal_arrives_as_it_is() -> None:
    with pytest.raises(ToolError) as told:
        Tools.of(Lower())["refuse"].call({})
    assert (told.value.kind, told.value.message) == ("not_found", "there is none")


def test_a_tool_describes_itself() -> None:
    tools = Tools.of(Desk())

    assert tools["add"].description == "Adds two numbers."
    assert tools["add"].parameters == ("first", "second")
    assert tools["add"].schema["required"] == ["first"]
    assert (tools["add"].is_step, tools["look"].is_step) == (True, False)
