"""Carrying an edit over to another version."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.meta.merge import merge_files, rebase

BASE = b"a = 1\nb = 2\n\n\n\nc = 3\nd = 4\n"


def test_edits_of_different_places_are_joined() -> None:
    ours, theirs = BASE.replace(b"a = 1", b"a = 9"), BASE.replace(b"d = 4", b"d = 8")
    merged = merge_files({"x.py": BASE}, {"x.py": ours}, {"x.py": theirs})
    assert merged == {"x.py": b"a = 9\nb = 2\n\n\n\nc = 3\nd = 8\n"}


def test_edits_of_the_same_line_conflict() -> None:
    ours, theirs = BASE.replace(b"a = 1", b"a = 9"), BASE.replace(b"a = 1", b"a = 8")
    assert merge_files({"x.py": BASE}, {"x.py": ours}, {"x.py": theirs}) is None


def test_the_same_edit_twice_is_one() -> None:
    both = BASE.replace(b"a = 1", b"a = 9")
    assert merge_files({"x.py": BASE}, {"x.py": both}, {"x.py": both}) == {"x.py": both}


def test_a_new_file_comes_along_and_a_deleted_one_goes() -> None:
    merged = merge_files({"old.py": b""}, {"old.py": b""}, {"new.py": b"x = 1\n"})
    assert merged == {"new.py": b"x = 1\n"}


def test_deleted_here_and_changed_there_is_a_conflict() -> None:
    assert merge_files({"x.py": BASE}, {}, {"x.py": BASE + b"e = 5\n"}) is None


def test_a_merge_that_does_not_parse_is_a_conflict() -> None:
    base = b"x = [\n    1,\n    2,\n\n\n\n    3,\n]\n"
    ours = base.replace(b"x = [\n", b"x = (\n").replace(b"]\n", b")\n")
    theirs = base.replace(b"    2,\n", b"    2][0:1] + [\n")
    assert merge_files({"x.py": base}, {"x.py": ours}, {"x.py": theirs}) is None


def test_a_rebased_candidate_has_a_digest_and_a_parent_of_its_own() -> None:
    base = Candidate(files={"x.py": BASE})
    candidate = base.with_files({"x.py": BASE.replace(b"d = 4", b"d = 8")}, parent=base.digest)
    onto = base.with_files({"x.py": BASE.replace(b"a = 1", b"a = 9")}, parent=base.digest)
    moved = rebase(candidate, onto=onto, base=base)
    assert moved is not None
    assert moved.parent == onto.digest
    assert moved.digest not in (candidate.digest, onto.digest, base.digest)
