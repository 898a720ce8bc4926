"""The page's commands, run on the files of the quickstart, and what it says they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, write_files_of

PAGE = ROOT / "docs/measurement.md"

_BLOCKS = re.compile(
    r"<!-- run -->\n```\n(?P<command>.*?)```\n\n<!-- output -->\n```\n(?P<output>.*?)```\n",
    re.DOTALL,
)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.timeout(600)
def test_the_commands_print_what_the_page_says(tmp_path: Path) -> None:
    write_files_of(ROOT / "docs/quickstart.md", tmp_path)
    blocks = list(_BLOCKS.finditer(PAGE.read_text(encoding="utf-8")))

    assert len(blocks) == 2
    for block in blocks:
        agentlab = f'agentlab() {{ "{sys.executable}" -m agentlab "$@"; }}\n'
        ran = subprocess.run(
            ["bash", "-ec", agentlab + block["command"]],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        for line in block["output"].splitlines():
            assert plain(line) in plain(ran.stdout)


def test_the_page_names_no_command_that_does_not_exist() -> None:
    reference = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"^agentlab ([a-z]+)|`agentlab ([a-z]+)", page, re.MULTILINE)

    assert commands
    for name in {first or second for first, second in commands}:
        assert f"## agentlab {name}\n" in reference, name


def test_the_page_names_no_module_that_is_not_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w]+/)*\w+\.py)`", page)

    assert named
    for name in named:
        inside = name.removeprefix("agentlab/measure/")
        assert (ROOT / "agentlab/measure" / inside).is_file(), name
