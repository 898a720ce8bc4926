"""Operators on the statements of a block."""

from __future__ import annotations

from tests.meta.mutation.replaced import made_by

SOURCE = "def f():\n    a()\n    b()\n"


def test_a_statement_is_deleted() -> None:
    assert made_by("delete_statement", SOURCE) == {"def f():\n    b()\n", "def f():\n    a()\n"}


def test_the_end_of_a_round_is_deleted_or_changed_apart_from_other_statements() -> None:
    source = "for a in b:\n    if a:\n        c()\n        break\n"
    assert made_by("delete_jump", source) == {"for a in b:\n    if a:\n        c()\n"}
    assert made_by("change_jump", source) == {source.replace("break", "continue")}
    assert source.replace("        break\n", "") not in made_by("delete_statement", source)


def test_the_last_statement_leaves_a_pass() -> None:
    assert made_by("delete_statement", "def f():\n    a()\n") == {"def f():\n    pass\n"}


def test_statements_are_swapped_or_doubled() -> None:
    assert made_by("swap_statements", SOURCE) == {"def f():\n    b()\n    a()\n"}
    assert "def f():\n    a()\n    a()\n    b()\n" in made_by("double_statement", SOURCE)


def test_a_guard_is_taken_away() -> None:
    assert made_by("unguard", "def f():\n    if a:\n        b()\n    c()\n") == {
        "def f():\n    b()\n    c()\n"
    }


def test_a_docstring_is_left_alone() -> None:
    made = made_by("delete_statement", 'def f():\n    """Says."""\n    a()\n')
    assert made == {'def f():\n    """Says."""\n'}
