from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import agentlab.testing


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


def test_leaks_between_splits_are_bad_input_unless_they_are_accepted(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    target = Path(agentlab.testing.__file__).parent / "environments/targets/leaky"
    leaky = [
        *("--set", "environment=agentlab.testing.environments.leaky:LeakyEnvironment"),
        *("--set", f"target={target}"),
        *("--set", "meta=[mutation]"),
    ]
    answer = agentlab_call("check", "noisy.yaml", *leaky)
    assert answer.code == 2
    assert "30 pairs of tasks in different splits say nearly the same" in answer.err
    assert "Traceback" not in answer.err

    accepted = agentlab_call(
        "check", "noisy.yaml", *leaky, "--set", "measure.accept_leaks=true", "--json"
    )
    checks = {check["name"]: check for check in accepted.json["checks"]}
    assert checks["leaks"]["ok"]
    assert checks["leaks"]["detail"].startswith("accepted: 'train-0' (train) and 'test-0' (test)")
