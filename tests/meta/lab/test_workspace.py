"""What may be edited is edited; all else is refused before anything changes."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.errors import ToolError
from agentlab.meta.checks import MAX_FILE_BYTES
from agentlab.meta.lab.workspace import Workspace

TARGET = TargetSpec(editable=("*.py", "prompts/*", "notes", "*.cfg", "*.pth"))


@pytest.fixture
def workspace(baseline: Candidate) -> Workspace:
    return Workspace(baseline, TARGET)


REFUSED = {
    "frozen file": ("frozen.txt", "touched", "frozen"),
    "new file outside the pattern": ("data.json", "{}", "frozen"),
    "traversal": ("../agent.py", "x = 1\n", "not a plain relative path"),
    "traversal inside": ("prompts/../../x.py", "x = 1\n", "not a plain relative path"),
    "absolute path": ("/etc/cron.d/x.py", "x = 1\n", "not a plain relative path"),
    "backslash path": ("..\\x.py", "x = 1\n", "not a plain relative path"),
    "git config": (".git/config.py", "[core]\n", "not a plain relative path"),
    "git in capitals": ("prompts/.GIT/hook.py", "x\n", "not a plain relative path"),
    "tool config": ("prompts/.pylintrc", "init-hook=1\n", "tools read by themselves"),
    "sitecustomize": ("sitecustomize.py", "x = 1\n", "would start it by itself"),
    "conftest": ("prompts/conftest.py", "x = 1\n", "would start it by itself"),
    "path file": ("x.pth", "import os\n", "tools read by themselves"),
    "shadow of the library": ("random.py", "x = 1\n", "stand before the standard library"),
    "oversize": ("agent.py", "#" * (MAX_FILE_BYTES + 1), "bytes, more than"),
    "binary": ("agent.py", "x = '\0'\n", "binary"),
    "no text": ("agent.py", "x = '\ud800'\n", "lone surrogates"),
    "invisible path": ("a\u202egent.py", "x = 1\n", "not a plain relative path"),
    "file below a file": ("agent.py/x.py", "x = 1\n", "is a file and a folder"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_with_the_reason_and_nothing_changes(
    workspace: Workspace, baseline: Candidate, kind: str
) -> None:
    path, text, reason = REFUSED[kind]

    with pytest.raises(ToolError) as caught:
        workspace.write(path, text)

    assert caught.value.kind == "refused"
    assert reason in caught.value.message
    assert workspace.files == baseline.files


def test_an_editable_file_is_written_and_a_new_one_made(workspace: Workspace) -> None:
    workspace.write("agent.py", "def solve(goal, tools):\n    return 1\n")
    workspace.write("words.py", "X = 1\n")

    assert workspace.text("words.py") == "X = 1\n"
    assert workspace.edits.keys() == {"agent.py", "words.py"}
    assert workspace.problems() == ()


def test_what_is_written_back_is_no_edit(workspace: Workspace, baseline: Candidate) -> None:
    workspace.write("agent.py", "x = 1\n")
    workspace.write("agent.py", baseline.files["agent.py"].decode())

    assert workspace.edits == {}


def test_a_text_that_stands_once_is_replaced(workspace: Workspace) -> None:
    line = workspace.replace("agent.py", "LIMIT = 200", "LIMIT = 20")

    assert line == 3
    assert "LIMIT = 20\n" in workspace.text("agent.py")


@pytest.mark.parametrize(
    ("old", "reason"),
    [("return", "stands 3 times"), ("LIMIT  = 200", "line 3 is 'LIMIT = 200'"), ("zzz", "not in")],
)
def test_a_text_that_does_not_stand_once_is_told(
    workspace: Workspace, baseline: Candidate, old: str, reason: str
) -> None:
    with pytest.raises(ToolError, match="no_match") as caught:
        workspace.replace("agent.py", old, "x")

    assert reason in caught.value.message
    assert workspace.files == baseline.files


def test_a_frozen_file_is_not_searched_for_what_to_replace(workspace: Workspace) -> None:
    with pytest.raises(ToolError, match="frozen"):
        workspace.replace("frozen.txt", "do not touch", "touched")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def solve(:\n", "does not parse"),
        ("x = 1\n", "defines no 'solve'"),
        ("import requests\ndef solve(goal, tools): ...\n", "does not declare"),
        ("import socket\ndef solve(goal, tools): ...\n", "there is no network"),
        ("from urllib import request\ndef solve(goal, tools): ...\n", "there is no network"),
        ("import http.client\ndef solve(goal, tools): ...\n", "there is no network"),
    ],
)
def test_what_would_be_refused_at_the_gate_is_told(
    workspace: Workspace, text: str, problem: str
) -> None:
    workspace.write("agent.py", text)

    assert any(problem in each for each in workspace.problems())


def test_what_the_parent_imports_already_stays_allowed() -> None:
    source = b"import socket\n\n\ndef solve(goal, tools):\n    return 1\n"
    workspace = Workspace(Candidate(files={"agent.py": source}), TARGET)
    workspace.replace("agent.py", "return 1", "return 2")

    assert workspace.problems() == ()


def test_a_file_that_is_not_there_is_told_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(ToolError, match=r"did you mean 'agent.py'"):
        workspace.text("agnet.py")
