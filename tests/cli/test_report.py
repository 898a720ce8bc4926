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


def test_the_screen_names_what_lies_where(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    out = agentlab_call("report").out
    (folder,) = (in_finished / "runs").iterdir()
    for name in ("agentlab.sqlite", "report.md", "experiment.yaml"):
        assert f"runs/{folder.name}/{name}" in out
    assert f"agentlab diff runs/{folder.name}" in out
