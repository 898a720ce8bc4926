"""All single edits of a source file."""

from __future__ import annotations

import ast

from agentlab.meta.mutation.edits import edits_of
from tests.meta.plain_lab import SOURCE


def test_every_edit_parses_and_changes_the_source() -> None:
    edits = edits_of(SOURCE)
    assert len(edits) > 40
    for edit in edits:
        made = edit.apply()
        ast.parse(made)
        assert made != SOURCE, edit


def test_every_edit_tells_its_line() -> None:
    limits = [edit for edit in edits_of(SOURCE) if edit.what == "200 -> 100"]
    assert [(edit.operator, edit.line, edit.subject) for edit in limits] == [
        ("tighten_limit", 3, "LIMIT"),
        ("scale_number", 3, "LIMIT"),
    ]


def test_source_that_does_not_parse_has_no_edits() -> None:
    assert edits_of(b"def (:\n") == ()


def test_annotations_are_left_alone() -> None:
    assert edits_of(b"x: list[3]\n") == ()
