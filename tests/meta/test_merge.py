"""Carrying an edit over to another version."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import Candidate
from agentlab.meta.merge import merge_files, rebase

BASE = b"a = 1\nb = 2\n\n\n\nc = 3\nd = 4\n"

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=8).map("".join)


def merged(base: bytes, ours: bytes, theirs: bytes, path: str = "x.py") -> bytes:
    merge = merge_files({path: base}, {path: ours}, {path: theirs})
    assert merge.conflicts == ()
    return merge.files[path]


def conflicts(base: bytes, ours: bytes, theirs: bytes, path: str = "x.py") -> tuple[str, ...]:
    merge = merge_files({path: base}, {path: ours}, {path: theirs})
    assert merge.files == {}
    return merge.conflicts


def git_merged(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    for name, content in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(content)
    command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def test_edits_of_different_places_are_joined_as_git_joins_them(tmp_path: Path) -> None:
    ours, theirs = BASE.replace(b"a = 1", b"a = 9"), BASE.replace(b"d = 4", b"d = 8")
    joined = merged(BASE, ours, theirs)
    assert joined == b"a = 9\nb = 2\n\n\n\nc = 3\nd = 8\n"
    assert joined == git_merged(tmp_path, BASE, ours, theirs)


def test_edits_of_the_same_line_conflict_and_the_line_is_told(tmp_path: Path) -> None:
    ours, theirs = BASE.replace(b"c = 3", b"c = 9"), BASE.replace(b"c = 3", b"c = 8")
    assert conflicts(BASE, ours, theirs) == ("x.py: lines 6 to 6 changed on both sides",)
    assert git_merged(tmp_path, BASE, ours, theirs) is None


def test_the_same_edit_twice_is_one() -> None:
    both = BASE.replace(b"a = 1", b"a = 9")
    assert merged(BASE, both, both) == both


def test_empty_lines_in_a_long_file_are_matched() -> None:
    long = b"".join(b"x%d = 1\n\n\n" % number for number in range(150))
    ours, theirs = long.replace(b"x3 = 1", b"x3 = 2"), long.replace(b"x140 = 1", b"x140 = 2")
    assert merged(long, ours, theirs) == ours.replace(b"x140 = 1", b"x140 = 2")


@given(base=lines, other=lines)
def test_one_side_alone_is_taken_as_it_is(base: str, other: str) -> None:
    assert merged(base.encode(), base.encode(), other.encode(), "x.txt") == other.encode()
    assert merged(base.encode(), other.encode(), base.encode(), "x.txt") == other.encode()


@given(base=lines, ours=lines, theirs=lines)
def test_sides_may_be_exchanged(base: str, ours: str, theirs: str) -> None:
    versions = [{"x.txt": text.encode()} for text in (base, ours, theirs)]
    one = merge_files(versions[0], versions[1], versions[2])
    other = merge_files(versions[0], versions[2], versions[1])
    assert one.files == other.files
    assert bool(one.conflicts) == bool(other.conflicts)


def test_a_new_file_comes_along_and_a_deleted_one_goes() -> None:
    merge = merge_files({"old.py": b""}, {"old.py": b""}, {"new.py": b"x = 1\n"})
    assert merge.files == {"new.py": b"x = 1\n"}


def test_deleted_here_and_changed_there_is_a_conflict() -> None:
    merge = merge_files({"x.py": BASE}, {}, {"x.py": BASE + b"e = 5\n"})
    assert merge.conflicts == ("x.py: changed on one side, removed on the other",)


def test_two_new_files_of_one_name_conflict() -> None:
    assert merge_files({}, {"x.py": b"a\n"}, {"x.py": b"b\n"}).conflicts


def test_what_is_no_text_is_never_merged() -> None:
    versions = BASE.replace(b"a = 1", b"\0"), BASE.replace(b"d = 4", b"\0")
    assert "binary" in conflicts(BASE, *versions, "x.bin")[0]


def test_a_merge_that_does_not_parse_is_a_conflict() -> None:
    base = b"x = [\n    1,\n    2,\n\n\n\n    3,\n]\n"
    ours = base.replace(b"x = [\n", b"x = (\n").replace(b"]\n", b")\n")
    theirs = base.replace(b"    2,\n", b"    2][0:1] + [\n")
    assert conflicts(base, ours, theirs) == ("x.py: does not parse once merged",)


def test_a_rebased_candidate_has_a_digest_and_a_parent_of_its_own() -> None:
    base = Candidate(files={"x.py": BASE})
    candidate = base.with_files({"x.py": BASE.replace(b"d = 4", b"d = 8")}, parent=base.digest)
    onto = base.with_files({"x.py": BASE.replace(b"a = 1", b"a = 9")}, parent=base.digest)
    moved = rebase(candidate, onto=onto, base=base)
    assert moved is not None
    assert moved.parent == onto.digest
    assert moved.digest not in (candidate.digest, onto.digest, base.digest)


def test_a_candidate_in_conflict_is_not_rebased() -> None:
    base = Candidate(files={"x.py": BASE})
    one, other = (
        base.with_files({"x.py": BASE.replace(b"d = 4", new)}, parent=base.digest)
        for new in (b"d = a", b"d = b")
    )
    assert rebase(one, onto=other, base=base) is None


def test_a_candidate_that_only_sets_numbers_sets_them_whatever_else_was_set() -> None:
    base = Candidate(files={"x.py": BASE})
    one, other = (
        base.with_files({"x.py": BASE.replace(b"d = 4", new)}, parent=base.digest)
        for new in (b"d = 8", b"d = 9")
    )
    moved = rebase(one, onto=other, base=base)
    assert moved is not None
    assert (moved.files, moved.parent) == (one.files, other.digest)
