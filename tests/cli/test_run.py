from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.usefixtures("called")
def test_json_is_the_one_object_on_stdout_and_has_the_promised_shape(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--json", "--seed", "3")
    assert answer.code == 0
    result = answer.json
    assert {
        "run", "status", "verdict", "baseline", "winner", "difference", "candidates", "trials",
        "wall_s",
    } <= set(result)  # fmt: skip
    assert result["status"] == "completed"
    assert result["run"].startswith("noisy-")
    assert set(result["candidates"]) == {"proposed", "kept", "discarded", "undecided", "invalid"}
    assert result["candidates"]["proposed"] == 2
    for part in ("baseline", "winner"):
        for split in ("validation", "test"):
            assert {"success", "context_tokens"} <= set(result[part][split])
    assert set(result["difference"]["test"]["success"]) == {"estimate", "low", "high"}
    assert result["trials"] > 0
    assert "measuring" in answer.err, "progress goes to stderr"


def test_the_screen_shows_what_was_kept_and_the_report_is_written(in_finished: Path) -> None:
    (folder,) = (in_finished / "runs").iterdir()
    report = (folder / "report.md").read_text()
    assert "## Kept" in report
    assert re.search(r"^\| success \| .* \| .* \| \*\*\+", report, re.MULTILINE)
    assert "\x1b" not in report


@pytest.mark.usefixtures("called")
def test_a_rule_that_is_no_test_decides_and_is_called_so(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--set", "objective.rule=greedy", "--json")
    assert (answer.json["rule"], answer.json["is_tested"]) == ("greedy", False)
    (kept,) = answer.json["kept"]
    assert "no test" in kept["reason"]
    assert kept["trials"] == 1 + 2 * 12, "a first trial, then one block of both"
    assert kept["trials"] <= answer.json["deciding_trials"] < answer.json["trials"]
    report = agentlab_call("show", answer.json["run"])
    assert "no test" in report.out


def test_a_rule_that_is_not_there_is_one_clear_error(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--set", "objective.rule=greedily")
    assert answer.code == 2
    assert "--set objective.rule=greedily: objective.rule: name must be one of" in answer.err
    assert "did you mean 'greedy'?" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.usefixtures("called")
def test_another_bank_of_ideas_can_be_tried(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    mine = project / "mine"
    mine.mkdir()
    (mine / "one.md").write_text((project / "ideas/good.md").read_text().replace("0.9", "0.8"))
    answer = agentlab_call("run", "noisy.yaml", "--ideas", "mine", "--runs", "other", "--json")
    assert answer.json["candidates"]["proposed"] == 1
    assert (project / "other" / answer.json["run"] / "report.md").exists()


@pytest.mark.usefixtures("called")
def test_searches_to_compare_with_come_beside_the_result(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    few = ("--set", "measure.final_blocks=1", "--set", "measure.min_clusters=2")
    answer = agentlab_call("run", "noisy.yaml", "--baselines", "random,numeric", "--json", *few)
    assert answer.code == 0
    assert [one["name"] for one in answer.json["baselines"]] == ["random", "numeric"]
    assert set(answer.json["baselines"][0]["scores"]["test"]["success"]) == {
        "estimate", "low", "high",
    }  # fmt: skip
    assert answer.err.index("about 3 times the time") < answer.err.index("baseline random: ")
    shown = agentlab_call("report", answer.json["run"])
    assert "random, to compare:" in shown.out


def test_a_baseline_that_is_none_is_refused(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--baselines", "random,grid")
    assert answer.code == 2
    assert "measure.baselines.1: must be 'random' or 'numeric' (given: 'grid')" in answer.err
    assert not (project / "runs").exists()


def test_a_component_that_matches_nothing_is_one_clear_error(
    tmp_path: Path, agentlab_call: Callable[..., Any]
) -> None:
    setting = "target.components.prompt=['prompt/*.md']"
    answer = agentlab_call(
        "run", "traps/co_optimisation", "--runs", str(tmp_path), "--set", setting
    )
    assert answer.code == 2
    assert (
        "target.components.prompt: 'prompt/*.md' matches none of prompts/expansion.md, rank.py"
    ) in answer.err
    assert "Traceback" not in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("called")
def test_what_an_environment_prints_does_not_spoil_the_object(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "class Loud(NoisyEnvironment):\n"
        "    def start(self, task, seed):\n"
        "        print('hello')\n"
        "        return super().start(task, seed)\n"
        "ENVIRONMENT = Loud\n"
    )
    answer = agentlab_call("run", "noisy.yaml", "--set", "environment=world", "--json")
    assert answer.json["status"] == "completed"
    assert "hello" in answer.err


def test_a_run_whose_cache_swallows_edits_is_refused_with_2(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "traps/cache")
    assert answer.code == 2
    assert "tool `search`" in answer.err
    assert "--set accept=[cache]" in answer.err
    assert not (project / "runs").exists()


@pytest.mark.usefixtures("called")
def test_trials_answered_from_the_store_can_be_run_again(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--verify-cache", "1", "--json")
    verified = answer.json["verified"]
    assert verified["rerun"] == verified["answered"] > 0
    assert not verified["disagrees"]
    assert "verified" in agentlab_call("report").out


# A shell that starts the tests in the background has Ctrl-C ignored, and its children inherit that.
WITH_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from agentlab.cli.main import main
main()
"""


def started(*arguments: str) -> subprocess.Popen[str]:
    """Returns a run that has come to its search."""
    process = subprocess.Popen(
        [sys.executable, "-c", WITH_CTRL_C, "run", "noisy.yaml", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    seen = ""
    while "searching" not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen += line
    return process


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_130_and_the_command_that_goes_on(
    project: Path, agentlab_call: Callable[..., Any], asked: signal.Signals
) -> None:
    process = started("--set", "measure.final_blocks=1", "--set", "measure.min_clusters=2")
    process.send_signal(asked)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    (resume,) = re.findall(r"^go on with: agentlab resume (\S+)$", err, re.MULTILINE)
    assert agentlab_call("status", resume, "--json").json["status"] == "interrupted"
    answer = agentlab_call("resume", resume, "--json")
    assert answer.code == 0
    assert answer.json["candidates"]["proposed"] == 2


def test_a_run_can_be_looked_at_while_it_goes_on(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    process = started("--set", "meta=[mutation]", "--set", "budget.candidates=1000", "--json")
    try:
        assert agentlab_call("status", "--json").json["status"] == "running"
        assert agentlab_call("runs", "--json").json["runs"][0]["status"] == "running"
        for command in ("show", "diff"):
            assert agentlab_call(command).code == 0
        answer = agentlab_call("report")
        assert answer.code == 1
        assert "no result yet" in answer.err
    finally:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    assert process.returncode == 130
    assert json.loads(out)["error"]["kind"] == "Interrupted"
    assert "agentlab resume" in json.loads(out)["error"]["hints"][0]


def test_a_tail_that_the_run_can_never_show_is_refused_before_it(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--set", 'objective.guards=["p99(wall_s) <= 60"]')
    assert answer.code == 2
    assert "objective.guards.0: 'p99(wall_s) <= 60' can never be shown with 12 x 12" in answer.err
    assert "it takes 451, and each within; set objective.rule.max_blocks to 38" in answer.err
