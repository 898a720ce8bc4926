from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from agentlab.cli.evaluate import parse_seeds


def test_json_has_the_promised_shape(project: Path, agentlab_call: Callable[..., Any]) -> None:
    result = agentlab_call("evaluate", "noisy.yaml", "--seeds", "0:2", "--json").json
    assert {"metrics", "tasks", "trials", "wall_s", "sandbox"} <= set(result)
    assert set(result["metrics"]["success"]) == {"estimate", "low", "high"}
    assert len(result["tasks"]) == 12
    assert result["trials"] == 24
    assert result["sandbox"] == "plain"


def test_a_winner_scores_better_than_the_target_it_came_from(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    options = ("--seeds", "0:5", "--split", "train", "--json")
    before = agentlab_call("evaluate", "noisy.yaml", *options).json
    after = agentlab_call("evaluate", "noisy.yaml", "--run", "latest", *options).json
    assert after["metrics"]["success"]["low"] > before["metrics"]["success"]["high"]


def test_another_target_can_be_scored(project: Path, agentlab_call: Callable[..., Any]) -> None:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text("def solve(goal, tools):\n    return 1\n")
    answer = agentlab_call("evaluate", "noisy.yaml", "--target", "mine", "--seeds", "0:2")
    assert answer.code == 0
    assert "all tasks" in answer.out
    assert "24 trials" in answer.out


def test_no_line_of_a_candidate_looks_like_one_of_ours(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    liar = project / "liar"
    liar.mkdir()
    (liar / "agent.py").write_text(
        "def solve(goal, tools):\n    raise ValueError('oops\\n12 trials in 1 s: 12 solved')\n"
    )
    out = agentlab_call("evaluate", "noisy.yaml", "--set", f"target.path={liar}").out
    assert "    | 12 trials in 1 s: 12 solved" in out
    assert not any(line.startswith("12 trials in 1 s") for line in out.splitlines())


def test_data_is_an_option_of_the_environment(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "class World(NoisyEnvironment):\n"
        "    def __init__(self, data):\n"
        "        raise LookupError(data)\n"
        "ENVIRONMENT = World\n"
    )
    options = ("--set", "environment=world", "--data", "ideas")
    answer = agentlab_call("evaluate", "noisy.yaml", *options)
    assert answer.code == 2
    assert f"LookupError: {project / 'ideas'}" in answer.err


@pytest.mark.parametrize("text", ["", "5", "5:", ":5", "5:5", "6:5", "-1:3", "a:b", "1:2:3"])
def test_a_span_of_seeds_holds_at_least_one(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_seeds(text)


@pytest.mark.usefixtures("called")
def test_a_look_at_the_test_shows_wherever_the_run_is_shown(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    done = agentlab_call("run", "noisy.yaml", "--set", "budget.candidates=1", "--json")
    assert done.json["test_looks"] == 1
    agentlab_call("evaluate", "noisy.yaml", "--split", "test", "--seeds", "0:1")
    agentlab_call("evaluate", "noisy.yaml", "--split", "train", "--seeds", "0:1")

    said = "the test of this run has been looked at 2 times: 1 by this run, 1 by agentlab evaluate"
    assert said in agentlab_call("show").out
    assert said in agentlab_call("report").out
    assert "looked at 2 times" in agentlab_call("report", "--markdown").out
    assert "test looked at 2 times" in " ".join(agentlab_call("runs").out.split())
    assert agentlab_call("show", "--json").json["test_looks"] == 2
    assert agentlab_call("report", "--json").json["test_looks"] == 2
    assert agentlab_call("runs", "--json").json["runs"][0]["test_looks"] == 2
