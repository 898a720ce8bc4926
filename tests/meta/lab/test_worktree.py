"""Edits that were made in a folder: sixteen kinds that are refused, before anything is taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.errors import CandidateError
from agentlab.meta.checks import MAX_FILE_BYTES
from agentlab.meta.lab.worktree import taken_from, write_worktree

TARGET = TargetSpec(editable=("*.py", "prompts/*"))

SOURCE = b"def solve(goal, tools):\n    return 1\n"


@pytest.fixture
def parent() -> Candidate:
    files = {"agent.py": SOURCE, "other.py": b"X = 1\n", "frozen.txt": b"f\n"}
    return Candidate(files=files)


def _write(path: str, content: bytes = b"x = 1\n") -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    return change


def _link(folder: Path) -> None:
    (folder / "agent.py").unlink()
    (folder / "agent.py").symlink_to("/etc/passwd")


def _folder_link(folder: Path) -> None:
    (folder / "prompts").symlink_to("/etc")


def _hard_link(folder: Path) -> None:
    os.link(folder / "frozen.txt", folder / "mine.py")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.py")


def _rename(folder: Path) -> None:
    (folder / "other.py").rename(folder / "moved.py")


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a frozen file is edited": (_write("frozen.txt", b"g\n"), "frozen"),
    "a file is made outside the pattern": (_write("data.json"), "frozen"),
    "a repository is made": (_write(".git/config"), "not a plain relative path"),
    "a hook of it": (_write("prompts/.git/hooks/x.py"), "not a plain relative path"),
    "a configuration of tools": (_write("pyproject.toml"), "frozen"),
    "a hidden configuration": (_write("prompts/.coveragerc"), "tools read"),
    "sitecustomize": (_write("sitecustomize.py"), "would start it by itself"),
    "conftest": (_write("prompts/conftest.py"), "would start it by itself"),
    "a shadow of the library": (_write("json.py"), "standard library"),
    "a file is a link": (_link, "a symbolic link"),
    "a folder is a link": (_folder_link, "a symbolic link"),
    "a hard link": (_hard_link, "a hard link"),
    "a pipe": (_pipe, "no regular file"),
    "oversize": (_write("agent.py", b"#" * (MAX_FILE_BYTES + 1)), "bytes, more than"),
    "binary": (_write("agent.py", b"\xff\xfe\x00"), "binary"),
    "a rename": (_rename, "other.py: removed or renamed"),
    "a removal": (lambda folder: (folder / "other.py").unlink(), "other.py: removed or renamed"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_with_the_reason(tmp_path: Path, parent: Candidate, kind: str) -> None:
    write_worktree(tmp_path, parent)
    change, reason = REFUSED[kind]
    change(tmp_path)

    with pytest.raises(CandidateError) as caught:
        taken_from(tmp_path, parent, TARGET)

    assert reason in str(caught.value)


def test_there_are_sixteen_kinds_and_more() -> None:
    assert len(REFUSED) >= 16


def test_an_edit_and_a_new_file_are_taken(tmp_path: Path, parent: Candidate) -> None:
    write_worktree(tmp_path, parent)
    _write("agent.py", SOURCE.replace(b"1", b"2"))(tmp_path)
    _write("prompts/first.md", b"look\n")(tmp_path)

    edits = taken_from(tmp_path, parent, TARGET).edits

    assert edits == {"agent.py": SOURCE.replace(b"1", b"2").decode(), "prompts/first.md": "look\n"}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, parent: Candidate) -> None:
    write_worktree(tmp_path, parent)
    _write("frozen.txt", b"g\n")(tmp_path)
    _write("sitecustomize.py")(tmp_path)

    with pytest.raises(CandidateError) as caught:
        taken_from(tmp_path, parent, TARGET)

    assert len(caught.value.problems) == 2
