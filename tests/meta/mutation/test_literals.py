"""Operators on collections, calls and slices."""

from __future__ import annotations

from tests.meta.mutation.replaced import made_by


def test_an_element_is_dropped() -> None:
    assert made_by("drop_element", "x = [1, 2]\n") == {"x = [2]\n", "x = [1]\n"}
    assert made_by("drop_element", 'x = {"a": 1, "b": 2}\n') == {'x = {"b": 2}\n', 'x = {"a": 1}\n'}


def test_a_pair_stays_a_pair() -> None:
    assert made_by("drop_element", "x = (1, 2)\n") == set()


def test_neighbours_swap() -> None:
    assert made_by("swap_elements", "x = [a, b, c]\n") == {"x = [b, a, c]\n", "x = [a, c, b]\n"}


def test_a_named_argument_is_dropped_and_a_plain_one_kept() -> None:
    assert made_by("drop_argument", "f(a, limit=3, text=t)\n") == {
        "f(a, text=t)\n",
        "f(a, limit=3)\n",
    }


def test_a_slice_is_opened_at_an_end() -> None:
    assert made_by("open_slice", "x = a[1:b]\n") == {"x = a[:b]\n", "x = a[1:]\n"}
