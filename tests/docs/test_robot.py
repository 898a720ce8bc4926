"""The page on the robot: its command prints what it says, its runs can be read."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from agentlab.experiment.load import find_experiment, load_experiment
from tests.docs.conftest import ROOT, run_script

PAGE = (ROOT / "docs/robot.md").read_text(encoding="utf-8")

_BLOCKS = re.compile(r"<!-- (?P<kind>run|output) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)
_RUN = re.compile(r"agentlab run experiments/(?P<name>\w+)\.yaml(?: --set '(?P<set>[^']+)')?")

pytestmark = pytest.mark.skipif(find_spec("mujoco") is None, reason="MuJoCo is not installed")


@pytest.mark.timeout(300)
def test_the_command_prints_what_the_page_says(tmp_path: Path) -> None:
    blocks = {block["kind"]: block["text"] for block in _BLOCKS.finditer(PAGE)}
    ran = run_script(blocks["run"], tmp_path)

    assert ran.returncode == 0, ran.stderr[-3000:]
    assert blocks["output"].strip() in " ".join(ran.stdout.split())


def test_every_run_that_it_tells_of_can_be_read() -> None:
    told = {(found["name"], found["set"]) for found in _RUN.finditer(PAGE)}
    assert {name for name, _ in told} == {"robot", "robot_energy", "robot_place"}
    for name, override in told:
        load_experiment(find_experiment(name), [override] if override else [])


def test_its_pictures_are_small() -> None:
    pictures = re.findall(r"\((pictures/\w+\.png)\)", PAGE)
    assert len(pictures) == 2
    assert all((ROOT / "docs" / name).stat().st_size < 100_000 for name in pictures)
