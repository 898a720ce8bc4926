"""The page's commands, run on the files of the quickstart, and what it says they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, run_script, write_files_of

PAGE = ROOT / "docs/measurement.md"

_ROUNDS = "One part after the other"
_BLOCKS = re.compile(r"<!-- (?P<kind>run|output) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)


def sections() -> dict[str, str]:
    """Returns the text of each section by its heading."""
    _, *found = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(found[::2], found[1::2], strict=True))


def plain(text: str) -> str:
    return " ".join(text.split())


def run_as_told(text: str, folder: Path) -> int:
    """Runs the commands of a text and returns how many; what is shown follows what shows it."""
    ran, said = 0, ""
    for block in _BLOCKS.finditer(text):
        if block["kind"] == "run":
            found = run_script(block["text"], folder, is_called=True)
            assert found.returncode == 0, found.stderr[-3000:]
            ran, said = ran + 1, plain(found.stdout)
            continue
        for line in block["text"].splitlines():
            assert plain(line) in said
    return ran


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.timeout(600)
def test_the_commands_print_what_the_page_says(tmp_path: Path) -> None:
    write_files_of(ROOT / "docs/quickstart.md", tmp_path)
    told = (text for heading, text in sections().items() if heading != _ROUNDS)

    assert run_as_told("".join(told), tmp_path) == 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_rounds_print_what_the_page_says(tmp_path: Path) -> None:
    assert run_as_told(sections()[_ROUNDS], tmp_path) == 1


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
