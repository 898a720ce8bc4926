"""What of a coding agent's folder is taken, and what is refused."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import TargetSpec
from agentlab.meta.checks import MAX_FILE_BYTES
from agentlab.meta.command.worktree import (
    BRIEF,
    HYPOTHESIS,
    OWN,
    lay_out,
    read_hypothesis,
    take_edits,
)

BEFORE = {
    "agent.py": b"def solve(goal, tools): ...\n",
    "lib/rank.py": b"A = 1\n",
    "judge.py": b"frozen\n",
    "logo.png": b"\x89PNG\0\xff",
}
TARGET = TargetSpec(editable=("agent.py", "lib/*", "prompts/*.md"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "worktree"
    place.mkdir()
    lay_out(place, BEFORE, "the brief")
    return place


def test_it_holds_the_target_and_the_brief_and_nothing_else(folder: Path) -> None:
    found = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    assert found == {**BEFORE, BRIEF: b"the brief"}


def test_nothing_changed_is_no_edit_and_no_problem(folder: Path) -> None:
    assert take_edits(folder, BEFORE, TARGET) == ({}, ())


def test_changed_and_added_editable_files_are_taken(folder: Path) -> None:
    (folder / "agent.py").write_text("x = 'ä'\n")
    (folder / "prompts").mkdir()
    (folder / "prompts/new.md").write_text("Be brief.")
    assert take_edits(folder, BEFORE, TARGET) == (
        {"agent.py": "x = 'ä'\n".encode(), "prompts/new.md": b"Be brief."},
        (),
    )


def test_what_tools_leave_behind_stays_behind(folder: Path) -> None:
    for path in (".aider.chat.history.md", "__pycache__/agent.pyc", ".venv/bin/python", f"{OWN}/x"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"\0")
    (folder / ".venv/lib").symlink_to("/usr/lib")
    assert take_edits(folder, BEFORE, TARGET) == ({}, ())


def _swap_for_folder(folder: Path) -> None:
    (folder / "agent.py").unlink()
    (folder / "agent.py").mkdir()


def _swap_for_link(folder: Path) -> None:
    (folder / "agent.py").unlink()
    (folder / "agent.py").symlink_to("judge.py")


def _listen(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder / "lib")  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("s")
    finally:
        os.chdir(here)


def _flood(folder: Path) -> None:
    for number in range(5_001):
        (folder / f"lib/{number}.py").touch()


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a frozen file changed": (
        lambda f: (f / "judge.py").write_text("mine\n"),
        "judge.py: changed, but frozen (editable: agent.py, lib/*, prompts/*.md)",
    ),
    "a file added beside": (
        lambda f: (f / "conftest.py").touch(),
        "conftest.py: added, but frozen",
    ),
    "an editable file removed": (
        lambda f: (f / "lib/rank.py").unlink(),
        "lib/rank.py: removed; files may be changed and added, not removed",
    ),
    "a frozen file removed": (lambda f: (f / "judge.py").unlink(), "judge.py: removed"),
    "a file renamed": (
        lambda f: (f / "lib/rank.py").rename(f / "lib/order.py"),
        "lib/rank.py: renamed to lib/order.py",
    ),
    "a link to a file": (
        lambda f: (f / "lib/link.py").symlink_to("/etc/passwd"),
        "lib/link.py: is a symbolic link",
    ),
    "a link in place of a file": (
        _swap_for_link,
        "agent.py: is a symbolic link",
    ),
    "a link to a folder": (
        lambda f: (f / "prompts").symlink_to("/etc"),
        "prompts: is a symbolic link",
    ),
    "a binary file": (
        lambda f: (f / "lib/model.bin").write_bytes(b"a\0b"),
        "lib/model.bin: binary: it holds NUL",
    ),
    "no UTF-8": (
        lambda f: (f / "agent.py").write_bytes(b"\xff\xfe"),
        "agent.py: binary: it is no UTF-8",
    ),
    "a large file": (
        lambda f: (f / "agent.py").write_bytes(b"#" * (MAX_FILE_BYTES + 1)),
        f"agent.py: more than {MAX_FILE_BYTES} bytes",
    ),
    "a huge file": (
        lambda f: os.truncate(f / "agent.py", 1 << 40),
        f"agent.py: more than {MAX_FILE_BYTES} bytes",
    ),
    "a repository": (lambda f: (f / ".git").mkdir(), ".git: Git's own files may not be written"),
    "a repository in capitals": (lambda f: (f / ".GIT").mkdir(), ".GIT: Git's own files"),
    "a hook's configuration": (lambda f: (f / "lib/.gitattributes").touch(), "lib/.gitattributes"),
    "a pipe": (
        lambda f: os.mkfifo(f / "lib/pipe"),
        "lib/pipe: is no ordinary file that can be read",
    ),
    "a socket": (_listen, "lib/s: is no ordinary file"),
    "a folder in place of a file": (_swap_for_folder, "agent.py: removed"),
    "a name that is no text": (
        lambda f: (f / os.fsdecode(b"lib/\xff.py")).touch(),
        r"'lib/\udcff.py'",
    ),
    "too many files": (_flood, "more than 5000 files were left behind"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_not_be_is_refused_with_its_reason(kind: str, folder: Path) -> None:
    act, said = KINDS[kind]
    act(folder)
    problems = take_edits(folder, BEFORE, TARGET).problems
    assert any(said in problem for problem in problems), problems


def test_all_problems_are_told_but_not_without_end(folder: Path) -> None:
    for number in range(20):
        (folder / f"{number}.txt").touch()
    problems = take_edits(folder, BEFORE, TARGET).problems
    assert len(problems) == 9
    assert problems[-1] == "and 12 more"


def test_a_hypothesis_is_read_from_its_file_but_not_through_links(folder: Path) -> None:
    assert read_hypothesis(folder) == ""
    (folder / HYPOTHESIS).write_bytes(b" it helps \xff\n")
    assert read_hypothesis(folder) == "it helps �"
    (folder / HYPOTHESIS).unlink()
    (folder / HYPOTHESIS).symlink_to("/etc/passwd")
    assert read_hypothesis(folder) == ""
    (folder / OWN).rename(folder / "elsewhere")
    (folder / OWN).symlink_to("/etc")
    assert read_hypothesis(folder) == ""


NAMES = st.sampled_from(["agent.py", "judge.py", "lib/rank.py", "lib/new.py", "other.txt", ".x"])
CONTENTS = st.sampled_from([b"", b"A = 1\n", b"B = 2\n", b"\0", b"\xff"])


@given(written=st.dictionaries(NAMES, CONTENTS), removed=st.sets(st.sampled_from(sorted(BEFORE))))
def test_what_is_taken_is_editable_text_whatever_was_written(
    written: dict[str, bytes], removed: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lay_out(folder, BEFORE, "")
    for path in removed:
        (folder / path).unlink()
    for path, content in written.items():
        (folder / path).write_bytes(content)
    edits = take_edits(folder, BEFORE, TARGET)
    after = {**{p: c for p, c in BEFORE.items() if p not in removed}, **written}
    if not edits.problems:
        assert all(TARGET.is_editable(path) for path in edits.changed)
        assert {**BEFORE, **edits.changed} == {p: c for p, c in after.items() if p[0] != "."}
    assert bool(edits.problems) == any(
        path not in after
        or (after[path] != BEFORE.get(path) and not TARGET.is_editable(path))
        or (after[path] != BEFORE.get(path) and after[path] in (b"\0", b"\xff"))
        for path in (BEFORE.keys() | after.keys()) - {".x"}
    )
