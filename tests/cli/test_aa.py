from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("called")


def test_it_prints_the_realised_rate_and_what_was_promised(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    few = ("--set", "objective.rule.max_blocks=2")
    answer = agentlab_call("aa", "noisy.yaml", "--candidates", "8", "--seed", "3", *few)
    assert answer.code == 0
    assert answer.out.startswith("A/A: 0 of 8 candidates that change nothing on average were kept")
    said = " ".join(answer.out.split())
    assert "canaries: 0 of 8 kept, 0 % [0 %, 36.9 %]; 2 came to the gate" in said
    assert "on other seeds of the same tasks" in said
    assert "Ceiling" not in answer.out, "copies of the target bound nothing"
    assert "'paired' promises at most 0.02 on average; 0 or more have an exact chance of 1" in said

    (folder,) = (project / "runs").iterdir()
    assert folder.name.startswith("noisy-aa-")
    assert "## False keeps" in (folder / "report.md").read_text()
    assert "canary 8" in agentlab_call("show").out
    assert agentlab_call("runs", "--json").json["runs"][0]["kept"] == 0
    again = agentlab_call("resume", str(folder), "--json").json
    assert (again["canaries"]["asked"], again["test_looks"]) == (8, 0)


def test_json_has_the_promised_shape(project: Path, agentlab_call: Callable[..., Any]) -> None:
    few = ("--set", "objective.rule=greedy")
    result = agentlab_call("aa", "noisy.yaml", "--candidates", "2", "--json", *few).json
    assert {"asked", "at_gate", "kept", "varied", "rate", "expected", "tail", "trials"} <= set(
        result["canaries"]
    )
    assert set(result["canaries"]["rate"]) == {"estimate", "low", "high"}
    assert result["baseline"]["test"] == {}


def test_without_candidates_there_is_nothing_to_try(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("aa", "noisy.yaml", "--candidates", "0")
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_a_run_can_be_watched_by_canaries(project: Path, agentlab_call: Callable[..., Any]) -> None:
    few = ("--set", "objective.rule.max_blocks=2", "--set", "measure.final_blocks=5")
    result = agentlab_call(
        "run", "noisy.yaml", "--canaries", "0.6", "--set", "meta=[mutation]", "--json", *few,
        "--set", "budget.candidates=6",
    ).json  # fmt: skip
    assert result["canaries"]["asked"] == 1
    assert result["candidates"]["proposed"] == 6
    shown = agentlab_call("show", "--json").json["decisions"]
    assert [one["source"] for one in shown].count("canary") == 1
    assert "canaries: 0 of 1 kept" in agentlab_call("report").out
    assert agentlab_call("status", "--json").json["proposals"] == 6


def test_a_share_that_is_none_is_refused(project: Path, agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--canaries", "1")
    assert answer.code == 2
    assert "search.canaries" in answer.err
    assert not (project / "runs").exists()
