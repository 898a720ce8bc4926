from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentlab
from agentlab.cli.main import app

COMMANDS = [command.name for command in app.registered_commands]
HEAVY = (
    "ray", "litellm", "langgraph", "sqlmodel", "sqlalchemy", "playwright", "numpy", "libcst",
    "cryptography",
)  # fmt: skip


def test_every_command_of_the_first_run_is_there() -> None:
    assert set(COMMANDS) >= {
        "run", "resume", "runs", "status", "show", "diff", "evaluate", "check", "report",
        "doctor", "envs",
    }  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_knows_json(
    command: str, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call(command, "--help")
    assert answer.code == 0
    # A server speaks its client's protocol on stdout, and nothing else.
    assert ("--json" in answer.out) == (command != "serve")
    assert answer.out.splitlines()[2].strip(), "a sentence about what it does"


def test_the_version_is_the_distributions(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("--version")
    assert answer.code == 0
    assert answer.out == f"agentlab {agentlab.__version__}\n"


def test_the_help_lists_commands_and_exit_codes(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("--help")
    assert answer.code == 0
    assert all(f"\n  {command} " in answer.out for command in COMMANDS)
    assert "130" in answer.out


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["envs"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "agentlab", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()
    }
    assert "typer" in loaded
    assert not loaded & set(HEAVY)
    if arguments == ["--help"]:
        assert not loaded & {"pydantic", "rich", "yaml"}


def test_help_takes_less_than_300_ms_of_processor_time() -> None:
    before = os.times()
    subprocess.run([sys.executable, "-m", "agentlab", "--help"], capture_output=True, check=True)
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 0.3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing command"),
        (["rnu"], "Did you mean 'run'?"),
        (["run"], "Missing argument"),
        (["run", "noisy.yaml", "--sede", "3"], "--seed"),
        (["run", "noisy.yaml", "--seed", "x"], "--seed"),
        (["run", "noisy.yaml", "--slots", "0"], "--slots"),
        (["run", "noisy.yaml", "--executor", "cloud"], "--executor"),
        (["run", "nosy.yaml"], "did you mean 'noisy.yaml'?"),
        (["run", "noisy.yaml", "--set", "budget"], "write it as key=value"),
        (["run", "noisy.yaml", "--set", "sed=1"], "did you mean 'seed'?"),
        (["run", "noisy.yaml", "--ideas", "nowhere"], "nowhere"),
        (["run", "noisy.yaml", "--set", "target=nowhere"], "no folder 'nowhere'"),
        (["run", "noisy.yaml", "--set", "environment=agentlab.nothing:X"], "agentlab.nothing"),
        (["run", "noisy.yaml", "--set", "objective.maximise=succes"], "'success'"),
        (["run", "noisy.yaml", "--set", "measure.final_blocks=1"], "final_blocks: 5"),
        (["evaluate", "noisy.yaml", "--split", "valid"], "--split"),
        (["evaluate", "noisy.yaml", "--seeds", "5"], "write A:B"),
        (["evaluate", "noisy.yaml", "--seeds", "5:5"], "write A:B"),
        (["evaluate", "noisy.yaml", "--target", "a", "--run", "b"], "not both"),
        (["evaluate", "noisy.yaml", "--target", "nowhere"], "no folder 'nowhere'"),
        (["check", "."], "is a folder"),
        (["show", "nothing"], "no run 'nothing'"),
        (["status"], "no run 'latest'"),
    ],
)
def test_bad_input_is_one_clear_message_and_exit_code_2(
    arguments: list[str], words: str, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert not (project / "runs").exists(), "nothing is left behind"


def test_bad_input_with_json_is_one_object_on_stdout(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    for arguments in (["run", "nosy.yaml"], ["run"], ["show", "nothing"]):
        answer = agentlab_call(*arguments, "--json")
        assert answer.code == 2
        assert answer.json["exit_code"] == 2
        assert answer.json["error"]["message"]
        assert answer.err == ""


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "bad.yaml: "),
        (b"\0\1", "bad.yaml: "),
        (b"- a\n", "bad.yaml:1: "),
        (b"a: &a [x]\nb: [*a, *a]\n", "bad.yaml:2: "),
        (b"name: x\nenvironment: environments/brwser\n", "bad.yaml:2: environment: "),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    content: bytes, where: str, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "bad.yaml").write_bytes(content)
    answer = agentlab_call("run", "bad.yaml")
    assert answer.code == 2
    assert f"error: {where}" in answer.err
    assert "Traceback" not in answer.err


def test_a_file_full_of_mistakes_does_not_flood_the_terminal(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "bad.yaml").write_bytes(b"a: 1\n" * 1000)
    lines = agentlab_call("run", "bad.yaml").err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "error: and 979 more"


def test_a_target_that_does_not_parse_is_named_with_its_line(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text("def solve(goal, tools):\n    return (\n")
    answer = agentlab_call("run", "noisy.yaml", "--set", "target=mine", "--set", "meta=[mutation]")
    assert answer.code == 2
    assert "agent.py" in answer.err
    assert "Traceback" not in answer.err


def test_what_only_building_shows_is_told_at_once_with_key_and_line(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text("def slove(goal, tools):\n    return 1\n")
    (project / "world").mkdir()
    (project / "world/environment.py").write_text("class World: ...\n")
    (project / "empty").mkdir()
    lines = (project / "noisy.yaml").read_text().splitlines()
    changed = {"environment": "world", "meta": "[{kind: ideas, folder: empty}]"}
    kept = [f"{k}: {changed[k]}" if (k := x.partition(":")[0]) in changed else x for x in lines]
    (project / "noisy.yaml").write_text("\n".join(kept))
    for command in ("run", "check"):
        answer = agentlab_call(command, "noisy.yaml", "--set", "target=mine")
        assert answer.code == 2
        environment, target, bank = answer.err.splitlines()
        assert environment.startswith("error: noisy.yaml:3: environment: ")
        assert environment.endswith("environment.py sets no ENVIRONMENT = <the class>")
        told = "--set target=mine: target.entry: agent.py: defines no 'solve', the entry"
        assert target == f"error: {told}"
        assert bank.startswith("error: noisy.yaml:5: meta.0.folder: empty: holds no ideas")


def test_an_environment_that_raises_is_named(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "class Broken:\n"
        "    def __init__(self):\n"
        "        raise RuntimeError('no \\x1b[2Jworld')\n"
        "ENVIRONMENT = Broken\n"
    )
    answer = agentlab_call("run", "noisy.yaml", "--set", "environment=world")
    assert answer.code == 2
    assert "environment: 'world'" in answer.err
    assert r"RuntimeError: no \x1b[2Jworld" in answer.err


def test_runs_that_cannot_be_written_say_what_to_give(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "file").write_text("")
    answer = agentlab_call("run", "noisy.yaml", "--runs", "file/runs")
    assert answer.code == 2
    assert "give --runs DIR" in answer.err


def test_our_own_bug_is_shown_whole_and_json_stays_one_object(
    monkeypatch: pytest.MonkeyPatch, agentlab_call: Callable[..., Any]
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("agentlab.experiment.doctor.examine", broken)
    answer = agentlab_call("doctor", "--json")
    assert answer.code == 1
    assert answer.json["error"]["kind"] == "ZeroDivisionError"
    assert "Traceback" in answer.err


def test_a_reader_that_has_enough_is_no_error(finished: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "agentlab", "show"]
    done = subprocess.run(
        command, cwd=finished, stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""
