"""The graph: think, act, check, and back; put down and taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import JsonValue

from agentlab.core.candidate import Candidate
from agentlab.core.tool import Tools
from agentlab.errors import ModelDown, ModelFailure
from agentlab.llm.cache import AnswerCache
from agentlab.llm.gateway import Answer
from agentlab.llm.model import Completion, CompletionRequest, Settings
from agentlab.meta.coding.conversation import model_tools, opening
from agentlab.meta.lab.session import Allowance
from agentlab.meta.lab.tools import LabTools
from tests.meta.coding.scripts import BETTER, calls, gateway_of, says
from tests.meta.lab.workshop import PlainWorkshop

pytest.importorskip("langgraph.checkpoint.sqlite")

from agentlab.llm.gateway import ModelAccess
from agentlab.meta.coding.graph import CodingGraph, Ended, Work

EDIT: tuple[str, dict[str, JsonValue]] = (
    "edit_file",
    {"path": "agent.py", "new": BETTER.format(n=1)},
)
SUBMIT: tuple[str, dict[str, JsonValue]] = ("submit", {"title": "t", "hypothesis": "h"})


def work(workshop: PlainWorkshop, models: ModelAccess, *, turns: int = 12) -> Work:
    return Work(
        models=models,
        workshop=workshop,
        parent=workshop.baseline,
        model="m",
        opening=tuple(opening("the brief")),
        tools=model_tools(Tools.of(LabTools(workshop, workshop.baseline))),
        settings=Settings(),
        allowance=Allowance(),
        turns=turns,
        numbers_elsewhere=False,
    )


def run(workshop: PlainWorkshop, script: Sequence[Completion], *, turns: int = 12) -> Ended:
    gateway, _ = gateway_of(script)
    with closing(CodingGraph()) as graph:
        return graph.run(work(workshop, gateway, turns=turns), thread="one")


def test_an_edit_is_made_and_submitted(workshop: PlainWorkshop) -> None:
    ended = run(workshop, [calls(("list_files", {})), calls(EDIT), calls(SUBMIT)])

    assert ended.failure == ""
    assert ended.session.submitted is not None
    assert ended.session.edits == {"agent.py": BETTER.format(n=1)}
    assert (ended.calls, ended.tokens) == (3, 45)
    assert ended.cost_usd == pytest.approx(45e-6)


def test_a_submission_that_looks_worse_comes_back_and_is_mended(workshop: PlainWorkshop) -> None:
    workshop.tasks = tuple("abcdef")
    bad = BETTER.format(n=1).encode()

    def success(candidate: Candidate, task: str) -> float:
        return float(candidate.files["agent.py"] != bad)

    workshop.success = success
    mended: tuple[str, dict[str, JsonValue]] = (
        "edit_file",
        {"path": "agent.py", "new": BETTER.format(n=2)},
    )
    script = [calls(EDIT), calls(SUBMIT), calls(mended), calls(SUBMIT)]

    ended = run(workshop, script)

    assert ended.failure == ""
    assert ended.session.edits == {"agent.py": BETTER.format(n=2)}


def test_one_that_is_worse_again_and_again_comes_to_nothing(workshop: PlainWorkshop) -> None:
    workshop.tasks = tuple("abcdef")
    workshop.success = lambda candidate, task: float(candidate.digest == workshop.baseline.digest)

    ended = run(workshop, [calls(EDIT), *[calls(SUBMIT)] * 3])

    assert ended.failure.startswith("its own check: it looks worse")


def test_a_model_that_calls_no_tool_comes_to_nothing(workshop: PlainWorkshop) -> None:
    assert run(workshop, [says("hm")] * 3).failure == "the model called no tool, 3 turns in a row"


def test_a_model_that_goes_on_and_on_ends_with_its_turns(workshop: PlainWorkshop) -> None:
    ended = run(workshop, [calls(("list_files", {}))] * 5, turns=5)

    assert ended.failure == "nothing was submitted within 5 turns"


def test_it_is_told_when_few_turns_are_left(workshop: PlainWorkshop) -> None:
    gateway, model = gateway_of([calls(("list_files", {}))] * 4)
    with closing(CodingGraph()) as graph:
        graph.run(work(workshop, gateway, turns=4), thread="one")

    told = [request.messages[-1].content for request in model.requests]
    assert "3 turns are left" in told[1]


class _Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def ask(self, request: CompletionRequest) -> Answer:
        raise self._error


def test_one_question_that_fails_costs_its_own_attempt(workshop: PlainWorkshop) -> None:
    failing = _Failing(ModelFailure("too long", endpoint="http://x", status=400))
    with closing(CodingGraph()) as graph:
        ended = graph.run(work(workshop, failing), thread="one")

    assert ended.failure == "the model was not heard: http://x: status 400: too long"


def test_a_model_that_is_down_stops_the_run(workshop: PlainWorkshop) -> None:
    with closing(CodingGraph()) as graph, pytest.raises(ModelDown):
        graph.run(work(workshop, _Failing(ModelDown("down"))), thread="one")


class _Killed(BaseException):
    pass


class _Mortal:
    """Dies instead of asking the question of this number."""

    def __init__(self, models: ModelAccess, at: int) -> None:
        self._models = models
        self._left = at

    def ask(self, request: CompletionRequest) -> Answer:
        self._left -= 1
        if self._left < 0:
            raise _Killed
        return self._models.ask(request)


SCRIPT = {
    0: calls(("list_files", {})),
    1: calls(EDIT),
    2: calls(("run_trials", {"tasks": ["a"]})),
    3: calls(("note", {"text": "n"})),
    4: calls(SUBMIT),
}


def by_turn(request: CompletionRequest) -> Completion:
    return SCRIPT[sum(message.role == "assistant" for message in request.messages)]


@pytest.mark.parametrize("at", range(5))
def test_what_was_put_down_is_taken_up_with_no_question_put_twice(
    workshop: PlainWorkshop, tmp_path: Path, at: int
) -> None:
    whole_gateway, _ = gateway_of(by_turn)
    with closing(CodingGraph()) as graph:
        whole = graph.run(work(workshop, whole_gateway), thread="whole")
    gateway, model = gateway_of(by_turn, cache=AnswerCache())
    file = tmp_path / "checkpoints"

    with closing(CodingGraph(file)) as graph, pytest.raises(_Killed):
        graph.run(work(workshop, _Mortal(gateway, at)), thread="one")
    with closing(CodingGraph(file)) as graph:
        ended = graph.run(work(workshop, gateway), thread="one")

    assert ended == whole
    assert len(model.requests) == 5


def test_one_that_ended_is_not_begun_again(workshop: PlainWorkshop, tmp_path: Path) -> None:
    gateway, model = gateway_of(by_turn)
    for _ in range(2):
        with closing(CodingGraph(tmp_path / "checkpoints")) as graph:
            ended = graph.run(work(workshop, gateway), thread="one")

    assert ended.calls == 5
    assert len(model.requests) == 5


def test_one_that_is_forgotten_is_begun_anew(workshop: PlainWorkshop) -> None:
    gateway, model = gateway_of(by_turn)
    with closing(CodingGraph()) as graph:
        for _ in range(2):
            graph.run(work(workshop, gateway), thread="one")
            graph.forget("one")

    assert len(model.requests) == 10
