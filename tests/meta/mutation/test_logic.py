"""Operators on conditions and arithmetic."""

from __future__ import annotations

from tests.meta.mutation.replaced import made_by


def test_a_comparison_gets_another_operator() -> None:
    assert made_by("change_comparison", "x = a < b\n") == {"x = a <= b\n", "x = a > b\n"}
    assert made_by("change_comparison", "x = a in b\n") == {"x = a not in b\n"}


def test_a_connective_changes_or_loses_a_side() -> None:
    assert made_by("change_connective", "x = a and b\n") == {"x = a or b\n"}
    assert made_by("drop_condition", "x = a and b\n") == {"x = a\n", "x = b\n"}


def test_a_negation_is_dropped() -> None:
    assert made_by("drop_not", "x = not a\n") == {"x = a\n"}


def test_a_condition_is_fixed_or_turned_round() -> None:
    source = "if a:\n    b()\n"
    assert made_by("fix_condition", source) == {"if True:\n    b()\n", "if False:\n    b()\n"}
    assert made_by("negate_condition", source) == {"if not (a):\n    b()\n"}


def test_a_loop_is_never_made_endless() -> None:
    assert made_by("fix_condition", "while a:\n    b()\n") == {"while False:\n    b()\n"}


def test_arithmetic_changes_or_loses_an_operand() -> None:
    assert made_by("change_arithmetic", "x = a * b\n") == {"x = a / b\n", "x = a + b\n"}
    assert made_by("drop_operand", "x = a * b\n") == {"x = a\n", "x = b\n"}
