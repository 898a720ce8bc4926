"""The agent as a graph: think, act, check, and back, until it submits or gives up.

A checkpoint is written after every step, so a run that was killed goes on within the proposal. A
step may run twice: its question is then answered from memory and its trials from the store.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Workshop
from agentlab.errors import BudgetSpent, InfraError
from agentlab.llm.gateway import ModelAccess
from agentlab.llm.model import CompletionRequest, Message, ModelTool, Settings
from agentlab.meta.coding.conversation import answers_to, turn_of
from agentlab.meta.lab.session import Allowance, LabSession
from agentlab.meta.lab.tools import LabTools

__all__ = ["CodingGraph", "Ended", "Work"]

_MOST_IDLE = 3
"""Turns in a row without a call of a tool."""

_MOST_RETURNS = 2
"""Times that a proposal is sent back to be mended."""

_WARN_TURNS = 3

_END: Literal["__end__"] = "__end__"
"""What langgraph calls the end."""


@dataclass(frozen=True)
class Work:
    """What one attempt works with; nothing of it is written down."""

    models: ModelAccess
    workshop: Workshop
    parent: Candidate
    model: str
    opening: tuple[Message, ...]
    tools: tuple[ModelTool, ...]
    settings: Settings
    allowance: Allowance
    turns: int
    numbers_elsewhere: bool

    def lab(self, session: dict[str, Any]) -> LabTools:  # Any: a session as JSON
        """Returns the tools as an attempt left them."""
        return LabTools(
            self.workshop,
            self.parent,
            allowance=self.allowance,
            session=LabSession.model_validate(session),
            numbers_elsewhere=self.numbers_elsewhere,
        )


class _State(TypedDict):
    """What is written down after every step, as JSON."""

    said: list[dict[str, Any]]  # Any: messages as JSON
    session: dict[str, Any]  # Any: as above
    turns: int
    idle: int
    returns: int
    cost_usd: float
    tokens: int
    calls: int
    failure: str


class Ended(NamedTuple):
    """How an attempt ended."""

    session: LabSession
    failure: str
    """Why nothing was submitted; empty where something was."""

    cost_usd: float
    tokens: int
    calls: int


class CodingGraph:
    """The compiled graph with its checkpoints; safe to use from several threads."""

    def __init__(self, checkpoints: Path | None = None) -> None:
        """Compiles it.

        Args:
            checkpoints: A file for them; in memory if not given.
        """
        # It would look for a tracing service otherwise.
        os.environ.setdefault("LANGSMITH_TRACING", "false")
        self._saver = InMemorySaver() if checkpoints is None else _saver(checkpoints)
        graph = StateGraph(_State, context_schema=Work)
        graph.add_node("think", _think)
        graph.add_node("act", _act)
        graph.add_node("check", _check)
        graph.add_edge(START, "think")
        graph.add_conditional_edges("think", _after_think)
        graph.add_conditional_edges("act", _after_act)
        graph.add_conditional_edges("check", _after_check)
        self._graph = graph.compile(checkpointer=self._saver)

    def run(self, work: Work, *, thread: str) -> Ended:
        """Returns how an attempt ended, begun here or gone on with.

        Args:
            work: What it works with.
            thread: Names the attempt; the same name goes on where it was left.
        """
        config = {"configurable": {"thread_id": thread}, "recursion_limit": 4 * work.turns + 20}
        before = self._graph.get_state(config)
        if before.values and not before.next:
            state = before.values
        else:
            given = None if before.values else _BEGINNING
            state = self._graph.invoke(given, config, context=work, durability="sync")
        return Ended(
            LabSession.model_validate(state["session"]),
            state["failure"],
            state["cost_usd"],
            state["tokens"],
            state["calls"],
        )

    def close(self) -> None:
        """Closes the file of the checkpoints."""
        if isinstance(self._saver, SqliteSaver):
            self._saver.conn.close()

    def forget(self, thread: str) -> None:
        """Drops the checkpoints of an attempt that the log tells of."""
        self._saver.delete_thread(thread)


_BEGINNING: _State = {
    "said": [],
    "session": LabSession().model_dump(mode="json"),
    "turns": 0,
    "idle": 0,
    "returns": 0,
    "cost_usd": 0.0,
    "tokens": 0,
    "calls": 0,
    "failure": "",
}


def _saver(file: Path) -> SqliteSaver:
    connection = sqlite3.connect(file, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return SqliteSaver(connection)


def _think(state: _State, runtime: Runtime[Work]) -> dict[str, Any]:  # Any: what changes of it
    work = runtime.context
    said = [Message.model_validate(message) for message in state["said"]]
    request = CompletionRequest(
        model=work.model,
        messages=(*work.opening, *said),
        tools=work.tools,
        settings=work.settings,
    )
    try:
        answer = work.models.ask(request)
    except (BudgetSpent, InfraError) as error:
        return {"failure": f"the model was not heard: {error}"}
    turn = turn_of(answer.completion)
    tokens = answer.completion.prompt_tokens + answer.completion.completion_tokens
    return {
        "said": [*state["said"], _plain(turn)],
        "turns": state["turns"] + 1,
        "idle": 0 if turn.tool_calls else state["idle"] + 1,
        "cost_usd": state["cost_usd"] + answer.cost_usd,
        "tokens": state["tokens"] + tokens,
        "calls": state["calls"] + 1,
    }


def _act(state: _State, runtime: Runtime[Work]) -> dict[str, Any]:  # Any: as above
    work = runtime.context
    if state["idle"] >= _MOST_IDLE:
        return {"failure": f"the model called no tool, {_MOST_IDLE} turns in a row"}
    lab = work.lab(state["session"])
    answers = answers_to(Message.model_validate(state["said"][-1]), lab)
    left = work.turns - state["turns"]
    session = lab.session
    if left <= 0 and session.submitted is None:
        return {
            "failure": f"nothing was submitted within {work.turns} turns",
            "session": _plain(session),
        }
    if left <= _WARN_TURNS:
        last = answers[-1]
        warned = (
            f"{last.content}\n\n{left} turns are left. Submit what you have, if it is any good."
        )
        answers[-1] = last.model_copy(update={"content": warned})
    return {"said": [*state["said"], *map(_plain, answers)], "session": _plain(session)}


def _check(state: _State, runtime: Runtime[Work]) -> dict[str, Any]:  # Any: as above
    work = runtime.context
    lab = work.lab(state["session"])
    wrong = lab.check()
    if not wrong:
        return {"session": _plain(lab.session)}
    if state["returns"] >= _MOST_RETURNS or state["turns"] >= work.turns:
        return {"failure": f"its own check: {wrong}", "session": _plain(lab.session)}
    lab.reopen()
    message = Message(
        role="user",
        content=f"Your proposal was tried on train tasks and comes back to you; {wrong}. Mend it "
        "and submit again, or submit another.",
    )
    return {
        "said": [*state["said"], _plain(message)],
        "session": _plain(lab.session),
        "returns": state["returns"] + 1,
    }


def _after_think(state: _State) -> Literal["act", "__end__"]:
    return _END if state["failure"] else "act"


def _after_act(state: _State) -> Literal["think", "check", "__end__"]:
    if state["failure"]:
        return _END
    is_submitted = state["session"]["submitted"] is not None
    return "check" if is_submitted else "think"


def _after_check(state: _State) -> Literal["think", "__end__"]:
    return _END if state["failure"] or state["session"]["submitted"] else "think"


def _plain(value: Message | LabSession) -> dict[str, Any]:  # Any: JSON
    return value.model_dump(mode="json")
