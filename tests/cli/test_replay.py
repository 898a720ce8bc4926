from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.experiment.test_replay import alter


def test_a_run_is_decided_once_more_and_says_that_it_is_the_same(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("replay")
    assert answer.code == 0
    assert answer.out.startswith("the same 2 decisions as in the run, to the last digit\n")
    assert "0 trials measured now" in answer.out


def test_another_rule_is_no_failure_and_shows_what_it_would_have_kept(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("replay", "--rule", "greedy")
    assert answer.code == 0
    assert answer.out.startswith("greedy would have kept ")
    found = agentlab_call("replay", "--rule", "greedy", "--json").json
    assert (found["rule"], found["is_other_rule"]) == ("greedy", True)


def test_decisions_that_differ_are_a_failure_and_are_listed(
    project: Path, in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    (folder,) = (in_finished / "runs").iterdir()
    shutil.copytree(folder, project / "runs" / folder.name)
    copy = project / "runs" / folder.name
    alter(copy, """UPDATE trial SET record = replace(record, '"success":1.0', '"success":0.0')""")
    answer = agentlab_call("replay", "--runs", str(project / "runs"))
    assert answer.code == 1
    assert "decisions differ from the run's" in answer.out
    found = agentlab_call("replay", "--runs", str(project / "runs"), "--json")
    assert found.code == 1
    assert found.json["differing"]
