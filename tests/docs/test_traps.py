"""The page's commands, each with what it says that they print and end with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, run_script

PAGE = ROOT / "docs/traps.md"

_BLOCKS = re.compile(
    r"<!-- (?:run(?:: (?P<code>\d+))?|(?P<output>output)) -->\n```\n(?P<text>.*?)```\n", re.DOTALL
)


def sections() -> dict[str, str]:
    """Returns the text of each section by its heading."""
    _, *found = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(found[::2], found[1::2], strict=True))


def test_every_trap_has_its_section() -> None:
    page = PAGE.read_text(encoding="utf-8")
    traps = sorted((ROOT / "experiments/traps").glob("*.yaml"))

    assert len(sections()) == len(traps)
    for trap in traps:
        command = f"agentlab run experiments/traps/{trap.name}"
        assert f"\n{command}\n" in page
        assert re.search(rf"\n{command} .*--set objective.rule=greedy\n", page)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("section", sections())
def test_the_commands_say_what_the_page_says(section: str, tmp_path: Path) -> None:
    said = ""
    for block in _BLOCKS.finditer(sections()[section]):
        if block["output"]:
            assert " ".join(block["text"].split()) in said
            continue
        ran = run_script(block["text"], tmp_path)
        assert ran.returncode == int(block["code"] or 0), block["text"] + ran.stderr[-3000:]
        said = " ".join((ran.stdout + ran.stderr).split())
    assert said
