from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("called")


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
    agentlab_call: Callable[..., Any],
) -> None:
    answer = agentlab_call("check", "traps/leak")
    assert answer.code == 2
    assert "90 pairs of tasks in different splits say nearly the same" in answer.err
    assert "Traceback" not in answer.err

    accepted = agentlab_call("check", "traps/leak", "--set", "accept=[leaks]", "--json")
    checks = {check["name"]: check for check in accepted.json["checks"]}
    assert (checks["leaks"]["ok"], checks["leaks"]["word"]) == (True, "accepted")
    assert checks["leaks"]["detail"].startswith("accepted: 'train-0' (train) and 'test-0' (test)")


def write_mean_world(project: Path) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "class Lying(NoisyEnvironment):\n"
        "    def yardsticks(self):\n"
        "        return {'oracle': {'agent.py': b'def solve(goal, tools):\\n    return 1\\n'}}\n"
        "ENVIRONMENT = Lying\n"
    )


def test_json_holds_the_numbers(project: Path, agentlab_call: Callable[..., Any]) -> None:
    readiness = agentlab_call("check", "noisy.yaml", "--json").json["readiness"]
    assert readiness["problems"] == []
    assert readiness["noise"][0]["metric"] == "success"
    assert 0 < readiness["detectable"] < 1
    assert (readiness["oracle"], readiness["pairs"]) == (1.0, 144)


def test_what_a_run_would_refuse_is_bad_input_unless_it_is_accepted(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    write_mean_world(project)
    mean = ("noisy.yaml", "--set", "environment=world")
    answer = agentlab_call("check", *mean)
    assert answer.code == 2
    assert "FAIL oracle" in answer.out
    refused = agentlab_call("run", *mean)
    assert refused.code == 2
    assert "error: the environment's oracle fails" in refused.err
    assert "to go on all the same, add: --accept-noise" in refused.err
    assert "Traceback" not in refused.err
    accepted = agentlab_call("check", *mean, "--accept-noise", "--json")
    oracle = next(line for line in accepted.json["checks"] if line["name"] == "oracle")
    assert oracle["ok"]
    assert oracle["detail"].endswith("(accepted)")
    ran = agentlab_call("run", *mean, "--accept-noise", "--json")
    assert ran.code == 0
    assert ran.json["readiness"]["is_accepted"]


def test_a_cache_that_swallows_edits_is_named_and_ends_with_2(
    agentlab_call: Callable[..., Any],
) -> None:
    answer = agentlab_call("check", "experiments/traps/cache.yaml", "--json")
    checks = {check["name"]: check for check in answer.json["checks"]}
    assert answer.code == 2
    assert checks["caches, agent.py"]["ok"]
    assert not checks["caches, prompts.py"]["ok"]
    assert "`search`" in checks["caches, prompts.py"]["detail"]
    assert answer.json["summary"].startswith("not ready: ")


def test_keyed_by_content_it_is_ready(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call(
        "check",
        "experiments/traps/cache.yaml",
        "--set",
        "environment.options.cached_by=content",
        "--json",
    )
    checks = {check["name"]: check["ok"] for check in answer.json["checks"]}
    assert checks["caches, prompts.py"]
    assert checks["caches, agent.py"]


def test_a_fault_that_is_accepted_is_told_all_the_same(agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call(
        "check", "experiments/traps/cache.yaml", "--set", "accept=[cache]", "--json"
    )
    checks = {check["name"]: check for check in answer.json["checks"]}
    assert checks["caches, prompts.py"]["ok"]
    assert checks["caches, prompts.py"]["word"] == "accepted"
    assert checks["caches, prompts.py"]["detail"].startswith("fault: ")


def test_a_metric_that_is_reported_and_not_declared_is_told(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode\n"
        "class Telling(NoisyEpisode):\n"
        "    def judge(self, answer):\n"
        "        return super().judge(answer).model_copy(update={'metrics': {'speed': 1.0}})\n"
        "class World(NoisyEnvironment):\n"
        "    def start(self, task, seed):\n"
        "        return Telling(task, seed)\n"
        "ENVIRONMENT = World\n"
    )
    answer = agentlab_call("check", "noisy.yaml", "--set", "environment=world")
    assert "warning undeclared" in " ".join(answer.out.split())
    assert "not declared in its traits.metrics: speed;" in answer.out
    refused = agentlab_call(
        "check", "noisy.yaml", "--set", "environment=world", "--set", "objective.maximise=speed"
    )
    assert refused.code == 2
    assert "objective.maximise: no metric 'speed' here" in refused.err
    assert "traits.metrics: Metric(name='speed', direction='higher' or 'lower')" in refused.err
