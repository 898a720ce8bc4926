from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_all_decisions_are_shown_by_number(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    decisions = agentlab_call("show", "--json").json["decisions"]
    assert [decision["number"] for decision in decisions] == [1, 2]
    shown = agentlab_call("show").out
    assert "ideas: good" in shown


def test_one_candidate_is_shown_with_hypothesis_and_tasks(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    decisions = agentlab_call("show", "--json").json["decisions"]
    kept = next(decision for decision in decisions if decision["verdict"] == "kept")
    one = agentlab_call("show", "latest", str(kept["number"]), "--json").json
    assert one["hypothesis"].endswith("it is there <b>")
    assert sum(task["gains"] for task in one["tasks"]) > sum(t["losses"] for t in one["tasks"])
    assert {task["split"] for task in one["tasks"]} <= {"train", "validation"}
    shown = agentlab_call("show", "latest", str(kept["number"])).out
    assert r"the \x1b[2Joptimum: it is there <b>" in shown
    assert "\x1b" not in shown


def test_the_versions_that_outcomes_depend_on_are_shown_everywhere(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    shown = agentlab_call("show", "--json").json["fingerprint"]
    assert {"python", "protocol", "tokenizer"} <= set(shown)
    assert agentlab_call("report", "--json").json["fingerprint"] == shown
    assert re.search(rf"^  python +{shown['python']}$", agentlab_call("report").out, re.MULTILINE)
    assert "## Versions" in agentlab_call("report", "--markdown").out


def test_a_number_that_is_not_there_is_bad_input(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("show", "latest", "77")
    assert answer.code == 2
    assert "there are: 1 to 2" in answer.err


def test_gains_and_losses_by_task_are_shown_in_one_line(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    decisions = agentlab_call("show", "--json").json["decisions"]
    kept = next(decision for decision in decisions if decision["verdict"] == "kept")
    one = agentlab_call("show", "latest", str(kept["number"]), "--json").json
    (changes,) = one["changes"]
    assert changes["metric"] == "success"
    first = changes["gains"][0]
    assert first["after"] > first["before"]
    shown = agentlab_call("show", "latest", str(kept["number"])).out
    line = f"success: + {first['task']} {first['before']:.2f} -> {first['after']:.2f}, + "
    assert line in " ".join(shown.split())
    assert line in " ".join(agentlab_call("report").out.split())
    assert "## Gains and losses by task" in agentlab_call("report", "--markdown").out
