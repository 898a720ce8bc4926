"""`--debug`: a debugger in the target, and a run that is never taken for a measurement."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STOPS = (
    "KNOB = 6\n\ndef solve(goal, tools):\n    word = 'seen'\n    breakpoint()\n    return word\n"
)


@pytest.fixture
def stopping(project: Path) -> Path:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text(STOPS)
    return project


def debugged(*arguments: str, typed: str) -> subprocess.CompletedProcess[str]:
    """Returns what a command did while somebody typed into its debugger."""
    return subprocess.run(
        [sys.executable, "-m", "agentlab", *arguments, "--debug"],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        # Ray puts its own there, in a process that it has been started from.
        env={name: value for name, value in os.environ.items() if name != "PYTHONBREAKPOINT"},
    )


def test_a_breakpoint_in_the_target_opens_the_debugger_with_its_variables(stopping: Path) -> None:
    target = ("--target", "mine", "--seeds", "0:1")
    done = debugged(
        "evaluate", "noisy.yaml", *target, typed="p word * 2, KNOB * 7\nw\n" + "c\n" * 12
    )
    assert done.returncode == 0, done.stderr
    assert "('seenseen', 42)" in done.stderr
    assert f"{stopping}/mine/agent.py(" in done.stderr, "the file that one edits"
    assert "sandbox: none (debug)" in done.stdout
    assert "no measurement" in done.stdout


def test_quitting_the_debugger_ends_the_command_as_ctrl_c_does(stopping: Path) -> None:
    done = debugged("evaluate", "noisy.yaml", "--target", "mine", typed="q\n")
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("error: interrupted\n")


def test_a_quit_run_is_listed_and_is_not_gone_on_with(
    stopping: Path, agentlab_call: Callable[..., Any]
) -> None:
    options = ("--set", "target=mine", "--set", "meta=[mutation]")
    done = debugged("run", "noisy.yaml", *options, typed="q\n")
    assert done.returncode == 130
    assert "agentlab resume" not in done.stderr
    (run,) = agentlab_call("runs", "--json").json["runs"]
    assert (run["status"], run["is_debug"]) == ("interrupted", True)
    assert "interrupted, debug" in agentlab_call("runs").out
    status = agentlab_call("status").out
    assert "debug run, no measurement" in status
    assert "agentlab resume" not in status
    answer = agentlab_call("resume")
    assert answer.code == 2
    assert "measures nothing" in answer.err


def test_a_finished_run_is_marked_wherever_it_is_shown(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    result = agentlab_call("run", "noisy.yaml", "--debug", "--json").json
    assert (result["is_debug"], result["sandbox"]) == (True, "none (debug)")
    assert result["verdict"].startswith("debug run, no measurement: ")
    for command in (["report"], ["report", "--markdown"], ["status"]):
        assert "no measurement" in agentlab_call(*command).out.replace("\n", " "), command
    assert agentlab_call("runs", "--json").json["runs"][0]["is_debug"]
    assert agentlab_call("resume", "--json").json == result, "completed: it shows its result"


def test_a_debug_run_cannot_be_turned_into_a_measured_one(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    name = agentlab_call("run", "noisy.yaml", "--debug", "--json").json["run"]
    file = project / "runs" / name / "experiment.yaml"
    file.write_text(file.read_text().replace("kind: debug", "kind: inline"))
    from agentlab.store.run_folder import RunFolder
    from agentlab.store.store import Store

    store = Store(RunFolder(project / "runs" / name).database_url)
    store.update_run(name, status="interrupted")
    store.close()
    answer = agentlab_call("resume", name)
    assert answer.code == 2
    assert "its trials cannot be gone on with" in answer.err


def test_an_exception_of_the_target_comes_with_its_traceback_and_the_command_goes_on(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text("def solve(goal, tools):\n    return {}['x']\n")
    options = ("--target", "mine", "--seeds", "0:2", "--debug")
    answer = agentlab_call("evaluate", "noisy.yaml", *options)
    assert answer.code == 0
    assert answer.err.count(f'File "{project}/mine/agent.py", line 2, in solve') == 1
    assert "24 crashed" in answer.out


def test_a_bug_of_the_environment_is_shown_where_it_is(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "class Broken(NoisyEnvironment):\n"
        "    def start(self, task, seed):\n"
        "        raise LookupError('no world')\n"
        "ENVIRONMENT = Broken\n"
    )
    answer = agentlab_call("evaluate", "noisy.yaml", "--set", "environment=world", "--debug")
    assert answer.code == 1
    assert 'environment.py", line 4, in start' in answer.err
    assert answer.err.rstrip().endswith("LookupError: no world")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--executor", "ray"], "leave out --executor"),
        (["--slots", "2"], "leave out --executor"),
        (["--set", "sandbox=bubblewrap"], "--set sandbox=auto"),
    ],
)
def test_what_contradicts_a_debugger_is_refused(
    options: list[str], words: str, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--debug", *options)
    assert answer.code == 2
    assert words in answer.err
    assert not (project / "runs").exists()
