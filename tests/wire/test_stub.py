"""The stub runs an entry as a person would expect, told over plain pipes without any sandbox."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agentlab.core.value import JsonValue
from agentlab.wire import stub
from agentlab.wire.channel import Channel

_BOOT = """
import importlib.util, sys
specification = importlib.util.spec_from_file_location("stub", sys.argv[1])
stub = importlib.util.module_from_spec(specification)
specification.loader.exec_module(stub)
assert not any(name.startswith("agentlab") for name in sys.modules)
stub.serve(int(sys.argv[2]), int(sys.argv[3]), blobs="/blobs", artefact=sys.argv[4] or None)
"""


class Candidate(NamedTuple):
    channel: Channel
    process: subprocess.Popen[bytes]

    def receive(self) -> dict[str, Any]:
        frame = self.channel.receive(time.monotonic() + 20)
        assert frame is not None
        return frame

    def answer(self) -> JsonValue:
        answer: JsonValue = self.receive()["answer"]
        return answer

    def crash(self) -> dict[str, Any]:
        crash: dict[str, Any] = self.receive()["crash"]
        return crash


class Starter:
    """Starts the stub alone in a subprocess, with the source of `agent.py`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Candidate] = []

    def __call__(
        self,
        source: str,
        *,
        files: dict[str, str] | None = None,
        inputs: dict[str, JsonValue] | None = None,
        artefact: Path | None = None,
        mode: str = "solve",
    ) -> Candidate:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        arguments = [stub.__file__, str(theirs_in), str(theirs_out), str(artefact or "")]
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, *arguments],
            pass_fds=[theirs_in, theirs_out],
            cwd=self._folder,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        candidate = Candidate(Channel(ours_in, ours_out, max_frame_bytes=1 << 20), process)
        self._started.append(candidate)
        contents = {"agent.py": textwrap.dedent(source), **(files or {})}
        start: dict[str, JsonValue] = {
            "files": {
                path: base64.b64encode(text.encode()).decode() for path, text in contents.items()
            },
            "entry": f"agent.py:{mode}",
            "mode": mode,
            "goal": {"instruction": "find it", "inputs": inputs or {}},
            "tools": {"click": ["ref", "button"], "look": []},
        }
        candidate.channel.send({"start": start})
        return candidate

    def close(self) -> None:
        for candidate in self._started:
            candidate.channel.close()
            candidate.process.kill()
            candidate.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    starter = Starter(tmp_path)
    yield starter
    starter.close()


def test_the_entry_is_told_the_goal_and_its_value_is_the_answer(start: Starter) -> None:
    candidate = start(
        "def solve(goal, tools): return [goal.instruction, goal.inputs]", inputs={"a": [1]}
    )
    assert candidate.answer() == ["find it", {"a": [1]}]


def test_blobs_arrive_as_paths_at_any_depth(start: Starter) -> None:
    inputs: dict[str, JsonValue] = {"deep": [{"$blob": "ab12"}], "not": {"$blob": "cd", "x": 1}}
    candidate = start("def solve(goal, tools): return goal.inputs", inputs=inputs)
    assert candidate.answer() == {"deep": ["/blobs/ab12"], "not": {"$blob": "cd", "x": 1}}


def test_files_in_folders_can_be_imported(start: Starter) -> None:
    candidate = start(
        "from parts.words import WORD\ndef solve(goal, tools): return WORD",
        files={"parts/words.py": "WORD = 'seen'"},
    )
    assert candidate.answer() == "seen"


def test_arguments_by_position_and_by_name_reach_the_tool_by_name(start: Starter) -> None:
    candidate = start("def solve(goal, tools): return tools.click('b3', button='left')")
    assert candidate.receive() == {
        "call": 1,
        "tool": "click",
        "args": {"ref": "b3", "button": "left"},
    }
    candidate.channel.send({"result": 1, "value": {"ok": True}})
    assert candidate.answer() == {"ok": True}


def test_calls_are_numbered_and_a_tool_error_can_be_caught(start: Starter) -> None:
    candidate = start(
        """
        def solve(goal, tools):
            try:
                tools.look()
            except tools.Error as error:
                return [error.kind, error.message, tools.look()]
        """
    )
    assert candidate.receive()["call"] == 1
    candidate.channel.send({"error": 1, "kind": "not_found", "message": "nothing there"})
    assert candidate.receive()["call"] == 2
    candidate.channel.send({"result": 2, "value": 7})
    assert candidate.answer() == ["not_found", "nothing there", 7]


def test_a_tool_is_made_once(start: Starter) -> None:
    assert start("def solve(goal, tools): return tools.click is tools.click").answer() is True


def test_calls_from_several_threads_get_their_own_answers(start: Starter) -> None:
    candidate = start(
        """
        from concurrent.futures import ThreadPoolExecutor
        def solve(goal, tools):
            with ThreadPoolExecutor(4) as pool:
                return list(pool.map(tools.click, range(8)))
        """
    )
    for _ in range(8):
        call = candidate.receive()
        candidate.channel.send({"result": call["call"], "value": call["args"]["ref"] * 10})
    assert candidate.answer() == [0, 10, 20, 30, 40, 50, 60, 70]


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("tools.click(1, 2, 3)", "TypeError"),
        ("tools.click(1, ref=2)", "TypeError"),
        ("tools.clack()", "AttributeError"),
        ("tools.click(object())", "TypeError"),
        ("tools.click(float('nan'))", "ValueError"),
        ("tools.click(chr(0xd800))", "UnicodeEncodeError"),
    ],
)
def test_a_wrong_call_fails_in_the_candidate_and_sends_nothing(
    start: Starter, call: str, kind: str
) -> None:
    assert start(f"def solve(goal, tools): {call}").crash()["type"] == kind


@pytest.mark.parametrize(
    "answer",
    ["float('nan')", "float('inf')", "{1, 2}", "object()", "chr(0xd800)", "b'x'", "{(1, 2): 3}"],
)
def test_an_answer_that_is_no_plain_data_is_a_crash(start: Starter, answer: str) -> None:
    crash = start(f"def solve(goal, tools): return {answer}").crash()
    assert crash["type"] == "AnswerError"
    assert "plain data" in crash["message"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def solve(goal, tools): 1 / 0", "ZeroDivisionError"),
        ("def solve(goal, tools): raise SystemExit(0)", "SystemExit"),
        ("def solve(goal, tools): raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def solve(goal): pass", "TypeError"),
        ("def other(goal, tools): pass", "AttributeError"),
        ("def solve(goal, tools:", "SyntaxError"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("def solve(goal, tools): return solve(goal, tools)", "RecursionError"),
        ("def solve(goal, tools): raise ValueError(chr(0xd800) * 10_000)", "ValueError"),
    ],
)
def test_whatever_the_entry_raises_is_a_crash(start: Starter, source: str, kind: str) -> None:
    crash = start(source).crash()
    assert crash["type"] == kind
    assert crash["limit"] is None
    assert len(crash["message"]) <= 500
    assert len(crash["traceback"]) <= 4000


def test_a_crash_says_where(start: Starter) -> None:
    crash = start("def solve(goal, tools):\n    1 / 0").crash()
    assert 'agent.py", line 2, in solve' in crash["traceback"]


@pytest.mark.parametrize(
    ("raised", "limit"),
    [
        ("MemoryError()", "memory"),
        ("OSError(errno.EFBIG, 'x')", "file size"),
        ("OSError(errno.ENOSPC, 'x')", "file size"),
        ("OSError(errno.EAGAIN, 'x')", "processes"),
        ('RuntimeError("can\'t start new thread")', "processes"),
        ("OSError(errno.ENOENT, 'x')", None),
    ],
)
def test_a_crash_names_the_limit_behind_it(start: Starter, raised: str, limit: str | None) -> None:
    assert start(f"import errno\ndef solve(goal, tools): raise {raised}").crash()["limit"] == limit


def test_preparation_sends_the_regular_files_of_its_folder(start: Starter, tmp_path: Path) -> None:
    folder = tmp_path / "artefact"
    folder.mkdir()
    candidate = start(
        """
        import os
        def prepare(goal, tools):
            (tools.artefact / "deep").mkdir()
            (tools.artefact / "deep" / "big").write_bytes(bytes(range(256)) * 400)
            (tools.artefact / "empty").touch()
            os.symlink("/etc/passwd", tools.artefact / "link")
            os.mkfifo(tools.artefact / "pipe")
            return object()
        """,
        artefact=folder,
        mode="prepare",
    )
    files: dict[str, bytes] = {}
    while "artefact" in (frame := candidate.receive()):
        path, data = frame["artefact"]["path"], frame["artefact"]["data"]
        files[path] = files.get(path, b"") + base64.b64decode(data)
    assert frame == {"answer": None}
    assert files == {"deep/big": bytes(range(256)) * 400, "empty": b""}


def test_it_ends_quietly_when_the_trusted_side_hangs_up(start: Starter) -> None:
    candidate = start("def solve(goal, tools): return tools.look()")
    candidate.receive()
    candidate.channel.close()
    assert candidate.process.wait(20) in (0, 1)
