from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_runs_are_listed_with_their_verdict(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    (run,) = agentlab_call("runs", "--json").json["runs"]
    assert run["status"] == "completed"
    assert (run["proposals"], run["kept"]) == (2, 1)
    assert run["verdict"].startswith("improved")
    assert run["run"] in agentlab_call("runs").out


def test_a_run_that_cannot_be_read_does_not_hide_the_others(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "runs/broken").mkdir(parents=True)
    (project / "runs/broken/agentlab.sqlite").write_bytes(b"this is no database" * 100)
    answer = agentlab_call("runs", "--json")
    assert answer.code == 0
    (run,) = answer.json["runs"]
    assert (run["run"], run["status"]) == ("broken", "unreadable")
    assert "agentlab.sqlite" in run["verdict"]


def test_a_folder_without_runs_says_how_to_start_one(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    assert "agentlab run EXPERIMENT" in agentlab_call("runs").out
    assert agentlab_call("runs", "--json").json == {"runs": []}
