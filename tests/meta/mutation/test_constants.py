"""Operators on numbers, words and booleans."""

from __future__ import annotations

from tests.meta.mutation.replaced import made_by


def test_integers_stay_integers() -> None:
    assert made_by("scale_number", "x = 10\n") == {
        "x = 5\n", "x = 20\n", "x = 8\n", "x = 12\n", "x = 1\n", "x = 100\n",
    }  # fmt: skip


def test_a_number_is_nudged_both_ways_but_not_below_zero() -> None:
    assert made_by("nudge_number", "x = 7\n") == {"x = 8\n", "x = 6\n"}
    assert made_by("nudge_number", "x = 0\n") == {"x = 1\n"}


def test_a_share_is_scaled_as_a_float() -> None:
    assert "x = 0.3\n" in made_by("scale_number", "x = 0.6\n")


def test_booleans_flip() -> None:
    assert made_by("flip_boolean", "x = True\n") == {"x = False\n"}


def test_one_word_is_dropped_from_a_list_of_words() -> None:
    assert made_by("drop_word", 'x = "a b c"\n') == {'x = "b c"\n', 'x = "a c"\n', 'x = "a b"\n'}


def test_a_pattern_or_a_short_text_is_no_list_of_words() -> None:
    assert made_by("drop_word", 'x = r"a b c"\ny = "a b"\n') == set()
