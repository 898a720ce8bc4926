"""The talk over the wire, with a candidate's end made of plain frames."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from agentlab.core.environment import Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import Task
from agentlab.core.tool import tool
from agentlab.core.value import JsonValue
from agentlab.testing.environments.noisy import NoisyEpisode
from agentlab.trials.conversation import Conversation, Ending
from agentlab.trials.meter import Meter
from agentlab.wire.channel import Channel

Talk = Callable[[Any, Any], None]


class Ledger(Episode):
    """A world that goes on writing in what it has shown."""

    goal = Goal(instruction="")

    def __init__(self) -> None:
        self._lines: list[int] = []

    @tool
    def add(self, number: int) -> list[int]:
        self._lines.append(number)
        return self._lines

    def judge(self, answer: JsonValue) -> Outcome:
        return Outcome(success=0)


def hold(
    talk: Talk, limits: Limits | None = None, episode: Episode | None = None
) -> tuple[Ending, Conversation]:
    """Holds a conversation with a candidate that does this with its two files."""
    limits = limits or Limits(wall_s=2)
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()

    def candidate() -> None:
        with os.fdopen(theirs_in, "rb") as reader, os.fdopen(theirs_out, "wb", 0) as writer:
            reader.readline()
            talk(reader, writer)

    thread = threading.Thread(target=candidate)
    thread.start()
    channel = Channel(ours_in, ours_out, max_frame_bytes=limits.output_kb * 1024)
    episode = episode or NoisyEpisode(Task(id="t"), 1)
    conversation = Conversation(channel, episode, limits, Meter(limits, Traits()))
    try:
        return conversation.hold({"goal": {}}), conversation
    finally:
        channel.close()
        thread.join()


def line(frame: Any) -> bytes:
    return json.dumps(frame).encode() + b"\n"


def test_calls_are_served_until_the_answer() -> None:
    def talk(reader: Any, writer: Any) -> None:
        writer.write(line({"call": 1, "tool": "turn", "args": {"knob": 0, "to": 0.9}}))
        assert json.loads(reader.readline()) == {"result": 1, "value": 0.5}
        writer.write(line({"answer": [1]}))

    ending, conversation = hold(talk)
    assert (ending.has_answer, ending.answer) == (True, [1])
    assert [frame.sender for frame in conversation.trace] == [
        "candidate",
        "environment",
        "candidate",
    ]


def test_an_unknown_tool_is_an_error_for_the_candidate() -> None:
    def talk(reader: Any, writer: Any) -> None:
        writer.write(line({"call": 1, "tool": "evaluate", "args": {}}))
        assert json.loads(reader.readline())["kind"] == "no_such_tool"
        writer.write(line({"answer": None}))

    assert hold(talk)[0].has_answer


def test_the_trace_holds_what_was_said_and_not_what_became_of_it() -> None:
    def talk(reader: Any, writer: Any) -> None:
        for number in (1, True):
            writer.write(line({"call": number, "tool": "add", "args": {"number": number}}))
            reader.readline()
        writer.write(line({"answer": None}))

    _, conversation = hold(talk, episode=Ledger())
    said = [frame.frame for frame in conversation.trace if frame.sender == "environment"]
    assert said == [{"result": 1, "value": [1]}, {"result": 1, "value": [1, 1]}]


def test_the_call_that_passes_the_tokens_gets_no_answer() -> None:
    def talk(reader: Any, writer: Any) -> None:
        for number in range(3):
            writer.write(line({"call": number, "tool": "add", "args": {"number": 1}}))
            reader.readline()

    # "[", "1", "]", then two more for each line.
    ending, conversation = hold(talk, Limits(wall_s=5, tokens=3 + 5 + 6), Ledger())
    assert (ending.fate, ending.reason) == (Fate.LIMIT, "tokens")
    assert [frame.sender for frame in conversation.trace].count("environment") == 2


@pytest.mark.parametrize(
    "frame",
    [
        b"not json\n",
        b"[1]\n",
        line({"nothing": 1}),
        line({"call": "x", "tool": "turn", "args": {}}),
        line({"call": 1, "tool": "turn", "args": []}),
        line({"artefact": {"path": "../x", "data": ""}}),
        line({"artefact": {"path": "x", "data": "???"}}),
        b'{"answer": NaN}\n',
    ],
)
def test_a_malformed_frame_is_a_violation(frame: bytes) -> None:
    ending, _ = hold(lambda _, writer: writer.write(frame))
    assert ending.fate is Fate.VIOLATION
    assert "malformed frame" in ending.reason


def test_hanging_up_is_left_to_the_process_to_explain() -> None:
    ending, _ = hold(lambda *_: None)
    assert (ending.fate, ending.has_answer) == (None, False)


def test_an_answer_counts_from_who_did_not_wait_for_its_last_call() -> None:
    def talk(reader: Any, writer: Any) -> None:
        reader.close()
        call = line({"call": 1, "tool": "turn", "args": {"knob": 0, "to": 0.9}})
        writer.write(call + line({"answer": 1}))

    ending, conversation = hold(talk)
    assert (ending.has_answer, ending.answer) == (True, 1)
    assert len(conversation.trace) == 3


def test_an_artefact_is_collected_and_capped() -> None:
    def talk(_: Any, writer: Any) -> None:
        for data in ("aGVs", "bG8="):
            writer.write(line({"artefact": {"path": "a/b.bin", "data": data}}))
        writer.write(line({"answer": None}))

    _, conversation = hold(talk)
    assert conversation.artefact == {"a/b.bin": b"hello"}
    big = line({"artefact": {"path": "x", "data": "AAAA" * 150_000}})

    def flood(_: Any, writer: Any) -> None:
        for _ in range(5):
            try:
                writer.write(big)
            except BrokenPipeError:
                return

    ending, _ = hold(flood, Limits(wall_s=5, artefact_mb=1))
    assert (ending.fate, ending.reason) == (Fate.LIMIT, "artefact_mb")
