"""A person finds the pictures: by `evaluate --evidence`, and of a run by `show` and `report`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WORLD = """
from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode

class Shown(NoisyEpisode):
    def evidence(self):
        return {"strip.png": b"\\x89PNG\\r\\n\\x1a\\n" + bytes(40), "pictures.txt": b"said"}

class World(NoisyEnvironment):
    def start(self, task, seed):
        return Shown(task, seed)

ENVIRONMENT = World
"""


@pytest.fixture
def shown_project(project: Path) -> Path:
    """Returns the project with a world that shows something of its trials."""
    (project / "world").mkdir()
    (project / "world/environment.py").write_text(WORLD)
    text = (project / "noisy.yaml").read_text()
    place = "agentlab.testing.environments.noisy:NoisyEnvironment"
    (project / "noisy.yaml").write_text(text.replace(place, "world"))
    return project


def test_an_evaluation_says_where_its_pictures_lie(
    shown_project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("evaluate", "noisy.yaml", "--seeds", "0:2", "--evidence", "pictures")
    assert answer.code == 0
    assert "worst failing: open-" in answer.out
    assert "    pictures/worst/strip.png\n" in answer.out
    assert (shown_project / "pictures/best/strip.png").is_file()
    options = ("--seeds", "0:2", "--evidence", "pictures", "--json")
    found = agentlab_call("evaluate", "noisy.yaml", *options).json["pictured"]
    assert [one["folder"] for one in found] == ["pictures/worst", "pictures/best"]
    assert found[0]["files"] == ["strip.png", "pictures.txt"]


def test_without_the_option_no_picture_is_made(
    shown_project: Path, agentlab_call: Callable[..., Any]
) -> None:
    assert (
        agentlab_call("evaluate", "noisy.yaml", "--seeds", "0:1", "--json").json["pictured"] == []
    )


def test_a_world_that_shows_nothing_says_so(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("evaluate", "noisy.yaml", "--seeds", "0:1", "--evidence", "pictures")
    assert "this environment shows nothing of a trial" in answer.out
    assert not (project / "pictures").exists()


def test_a_folder_that_is_taken_is_one_clear_error(
    shown_project: Path, agentlab_call: Callable[..., Any]
) -> None:
    (shown_project / "pictures/worst").mkdir(parents=True)
    answer = agentlab_call("evaluate", "noisy.yaml", "--seeds", "0:1", "--evidence", "pictures")
    assert answer.code == 2
    assert answer.err == (
        "error: pictures/worst: is there and holds no evidence; name another folder\n"
    )


def test_a_run_names_its_pictures_wherever_it_is_shown(
    shown_project: Path, agentlab_call: Callable[..., Any]
) -> None:
    done = agentlab_call("run", "noisy.yaml")
    (folder,) = (shown_project / "runs").iterdir()
    line = f"    runs/{folder.name}/evidence/baseline-worst/strip.png\n"
    assert line in done.out
    assert line in agentlab_call("show").out
    assert line in agentlab_call("report").out
    assert "evidence/winner-best/strip.png" in agentlab_call("show", "latest", "1").out
    picture = "](evidence/baseline-worst/strip.png)"
    assert picture in agentlab_call("report", "--markdown").out
    assert picture in (folder / "report.md").read_text()
    assert agentlab_call("show", "--json").json["pictured"][0]["who"] == "winner"
