"""The quickstart's own files, written and run as the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, run_script, write_files_of

PAGE = ROOT / "docs/quickstart.md"


@pytest.mark.timeout(300)
def test_the_custom_environment_is_improved(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)

    ran = subprocess.run(
        [sys.executable, "improve.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-4000:]
    assert ran.stdout.startswith("improved: success"), ran.stdout
    assert list((tmp_path / "runs").iterdir())


@pytest.mark.timeout(300)
def test_the_experiment_file_runs_the_same_from_the_folder_of_its_module(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.calling", "run", "heating.yaml"],
        cwd=tmp_path,
        # As the installed command has it: the current folder is no place of modules by itself.
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert ran.stdout.startswith("improved: success"), ran.stdout


def test_data_are_refused_as_the_page_shows_it_and_told_when_they_are_good(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)
    experiment = (tmp_path / "heating.yaml").read_text()
    (tmp_path / "houses.yaml").write_text(
        experiment.replace("improve:Heating", "houses:HeatingOfHouses")
    )
    house = {"walls": 0.02, "split": "test"}
    lines = [json.dumps({"id": f"house-{n}", **house}) for n in range(40_000)]
    (tmp_path / "houses.jsonl").write_text("\n".join(lines))
    fingerprint = "import houses; print(sorted(houses.HeatingOfHouses().fingerprint()))"
    told = run_script(f'"{sys.executable}" -c "{fingerprint}"', tmp_path)
    assert told.stdout == "['houses.jsonl:sha256', 'houses.jsonl:version']\n", told.stderr

    lines[-1] = lines[-1].replace("0.02", '"0.02"')
    (tmp_path / "houses.jsonl").write_text("\n".join(lines))
    refused = run_script("agentlab check houses.yaml", tmp_path)
    assert refused.returncode == 2
    output = re.search(r"<!-- output -->\n```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert output is not None
    assert refused.stderr == output[1]


def test_the_custom_environment_is_short(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)
    source = (tmp_path / "improve.py").read_text(encoding="utf-8").partition("if __name__")[0]
    lines = [line for line in source.splitlines() if line.strip()]

    assert len(lines) < 40


def test_the_page_names_no_command_that_does_not_exist() -> None:
    reference = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    commands = re.findall(r"`agentlab ([a-z]+)", PAGE.read_text(encoding="utf-8"))

    assert commands
    assert [name for name in commands if f"## agentlab {name}\n" not in reference] == []
