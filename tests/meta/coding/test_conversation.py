"""One turn of a model: what it says, and what it is answered."""

from __future__ import annotations

import pytest

from agentlab.core.tool import Tools
from agentlab.llm.model import Message, ToolCall
from agentlab.meta.coding.conversation import answers_to, model_tools, opening, turn_of
from agentlab.meta.lab.tools import LabTools
from tests.meta.coding.scripts import calls, says
from tests.meta.lab.workshop import PlainWorkshop


@pytest.fixture
def lab(workshop: PlainWorkshop) -> LabTools:
    return LabTools(workshop, workshop.baseline)


def test_the_brief_is_told_by_the_user_and_never_by_the_system() -> None:
    system, user = opening("what a page wrote")

    assert (system.role, user.role) == ("system", "user")
    assert "what a page wrote" not in system.content


def test_each_call_is_answered_under_its_id(lab: LabTools) -> None:
    turn = turn_of(calls(("list_files", {}), ("read_file", {"path": "frozen.txt"})))

    answers = answers_to(turn, lab)

    assert [answer.tool_call_id for answer in answers] == ["call_0", "call_1"]
    assert "do not touch" in answers[1].content


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("delete_file", {}, "no tool 'delete_file'; there are list_files"),
        ("read_file", {"path": "nothing.py"}, "not_found: no file 'nothing.py'"),
        ("read_file", {"path": 7}, "bad_arguments"),
        ("read_file", {"file": "agent.py"}, "bad_arguments"),
        ("edit_file", {"path": "frozen.txt", "new": ""}, "refused: 'frozen.txt': frozen"),
    ],
)
def test_a_call_that_cannot_be_made_is_answered_with_the_reason(
    lab: LabTools, tool: str, arguments: dict[str, str], said: str
) -> None:
    (answer,) = answers_to(turn_of(calls((tool, dict(arguments)))), lab)

    assert answer.content.startswith(said)


def test_a_call_that_the_model_wrote_wrongly_is_answered_with_what_is_wrong(lab: LabTools) -> None:
    call = ToolCall(id="call_1", name="read_file", problem="the arguments are no JSON")

    (answer,) = answers_to(Message(role="assistant", tool_calls=(call,)), lab)

    assert "no JSON" in answer.content


def test_a_turn_without_a_call_is_asked_for_one(lab: LabTools) -> None:
    (answer,) = answers_to(turn_of(says("let me think")), lab)

    assert answer.role == "user"
    assert "Call a tool" in answer.content


def test_calls_without_end_are_not_all_made(lab: LabTools) -> None:
    answers = answers_to(turn_of(calls(*[("list_files", {})] * 40)), lab)

    assert len(answers) == 40
    assert answers[-1].content == "not made: at most 16 calls in one turn"


def test_an_endless_text_is_cut() -> None:
    assert len(turn_of(says("x" * 10_000_000)).content) < 20_000


def test_a_model_is_told_every_tool_with_its_arguments(lab: LabTools) -> None:
    tools = model_tools(Tools.of(lab))

    assert [tool.name for tool in tools] == list(Tools.of(lab))
    assert all(tool.parameters["type"] == "object" for tool in tools)
