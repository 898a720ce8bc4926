"""Candidates that differ only in what no interpreter sees."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate
from agentlab.meta.normal_form import normal_form

BASE = b'def solve(goal, tools):\n    """Says."""\n    return 1\n'


def form(source: bytes) -> str:
    return normal_form(Candidate(files={"agent.py": source}))


@pytest.mark.parametrize(
    "same",
    [
        BASE + b"# a comment\n",
        b'def solve(goal,tools):\n\n    """Other words."""\n    return (1)\n',
    ],
)
def test_comments_layout_and_docstrings_do_not_count(same: bytes) -> None:
    assert form(same) == form(BASE)


@pytest.mark.parametrize("other", [BASE.replace(b"1", b"2"), BASE.replace(b"goal", b"aim")])
def test_what_could_behave_otherwise_does(other: bytes) -> None:
    assert form(other) != form(BASE)


def test_a_file_that_is_no_python_counts_by_its_bytes() -> None:
    one = Candidate(files={"prompt.md": b"a"})
    two = Candidate(files={"prompt.md": b"a "})
    assert normal_form(one) != normal_form(two)


def test_source_that_does_not_parse_still_has_one() -> None:
    assert form(b"def (") != form(b"def ((")
