"""The quickstart's own files, written and run as the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, write_files_of

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
        [sys.executable, "-m", "agentlab", "run", "heating.yaml"],
        cwd=tmp_path,
        # As the installed command has it: the current folder is no place of modules by itself.
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert ran.stdout.startswith("improved: success"), ran.stdout


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
