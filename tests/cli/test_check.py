from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_an_experiment_that_can_run_is_ready(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("check", "noisy.yaml", "--json")
    checks = {check["name"]: check for check in answer.json["checks"]}
    assert checks["baseline"]["ok"]
    assert "12 tasks" in checks["train split"]["detail"]


def test_a_target_that_breaks_is_not_ready(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "mine").mkdir()
    (project / "mine/agent.py").write_text("def solve(goal, tools):\n    raise ValueError\n")
    answer = agentlab_call(
        "check", "noisy.yaml", "--set", "target=mine", "--set", "meta=[mutation]"
    )
    assert answer.code == 1
    assert "FAIL" in answer.out
    assert "not ready: baseline" in answer.out
