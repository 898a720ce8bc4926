from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_result_can_be_read_again_in_each_form(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    screen = agentlab_call("report")
    assert screen.code == 0
    assert screen.out.startswith("improved: success")
    (folder,) = (in_finished / "runs").iterdir()
    assert agentlab_call("report", "--markdown").out == (folder / "report.md").read_text()
    assert agentlab_call("report", "--json").json["run"] == folder.name


def test_the_report_shows_the_ceiling_whole_and_the_screen_of_the_run_a_block(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    whole, block = agentlab_call("report").out, agentlab_call("resume").out
    said = agentlab_call("report", "--json").json["ceiling"]
    for title in (f"Ceiling: {said['verdict']}", "What bounds it", "What to do next"):
        assert title in whole
    tail = block[block.index("Ceiling: ") :].partition("\n\n")[0].splitlines()
    assert tail[0] == f"Ceiling: {said['verdict']}"
    assert 3 <= len(tail) <= 9
    assert "What bounds it" not in block


def test_show_ends_with_the_verdict_of_the_ceiling(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    verdict = agentlab_call("show", "--json").json["ceiling"]["verdict"]
    assert f"ceiling: {verdict}; " in agentlab_call("show").out


def test_the_screen_names_what_lies_where(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    out = agentlab_call("report").out
    (folder,) = (in_finished / "runs").iterdir()
    for name in ("agentlab.sqlite", "report.md", "experiment.yaml"):
        assert f"runs/{folder.name}/{name}" in out
    assert f"agentlab diff runs/{folder.name}" in out


def test_two_forms_at_once_are_refused(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("report", "--markdown", "--json")
    assert answer.code == 2
    assert "--markdown and --json are two forms; give one of them" in answer.out + answer.err
