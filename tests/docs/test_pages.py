"""No page points to what is not there, and what is generated is current."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.conftest import PAGES, ROOT

LINK = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK_OF_LIST = re.compile(r"^(\d+)\. \[[^\]]*\]\(([^)]+)\)$", re.MULTILINE)
HEADING = re.compile(r"^#+ +(?P<text>.+)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Returns the anchors that a renderer gives to the headings of a page."""
    headings = HEADING.findall(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))
    kept = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target, _, anchor = link["to"].partition("#")
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link["to"]
        assert not anchor or anchor in anchors(file), link["to"]


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "docs/index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.is_file() or page.suffix != ".md":
            continue
        seen.add(page)
        links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
        waiting += [
            (page.parent / to.partition("#")[0]).resolve() for to in links if "://" not in to
        ]

    assert {page for page in PAGES if "docs" in page.parts} - seen == set()


def test_every_decision_has_a_number_of_its_own_and_stands_in_the_list_by_it() -> None:
    folder = ROOT / "docs/decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name.partition("-")[0]) for name in files] == list(range(1, len(files) + 1))
    lines = (folder / "README.md").read_text("utf-8")
    assert [name for _, name in LINK_OF_LIST.findall(lines)] == files
    assert [int(number) for number, _ in LINK_OF_LIST.findall(lines)] == list(
        range(1, len(files) + 1)
    )


def test_the_reference_is_what_would_be_written() -> None:
    program = ROOT / "scripts/generate_reference.py"
    ran = subprocess.run(
        [sys.executable, program, "--check"], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
