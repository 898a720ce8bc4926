from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_projects_own_environment_wins_over_a_built_in_one(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    folder = project / "environments/browser"
    folder.mkdir(parents=True)
    (folder / "environment.py").write_text("")
    (folder / "README.md").write_text("# Mine\n\nA world \x1b[2Jof my own.\n")
    (entry,) = [
        entry
        for entry in agentlab_call("envs", "--json").json["environments"]
        if entry["reference"] == "environments/browser"
    ]
    assert entry["folder"] == str(folder)
    assert r"A world \x1b[2Jof my own." in agentlab_call("envs").out


def test_built_in_environments_are_listed(project: Path, agentlab_call: Callable[..., Any]) -> None:
    listed = agentlab_call("envs", "--json").json["environments"]
    assert "environments/browser" in [entry["reference"] for entry in listed]


def test_experiments_in_folders_are_listed_as_they_are_named(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    listed = agentlab_call("envs", "--json").json["experiments"]
    found = {entry["reference"]: entry["summary"] for entry in listed}
    assert {"experiments/browser.yaml", "experiments/traps/cache.yaml"} <= set(found)
    assert found["experiments/traps/lucky.yaml"].startswith("A call that is lucky on the seeds")
