"""Numbers that one version sets, set in another."""

from __future__ import annotations

import pytest

from agentlab.meta.numeric.setting import with_settings

BASE = b"GAIN = 0.3\nHOVER = 0.05\nSTEPS = 1\n"


def set_in(ours: bytes, theirs: bytes, base: bytes = BASE) -> bytes | None:
    files = with_settings({"a.py": base}, {"a.py": ours}, {"a.py": theirs})
    return files["a.py"] if files is not None else None


def test_numbers_on_neighbouring_lines_are_set_beside_one_another() -> None:
    ours, theirs = BASE.replace(b"0.3", b"0.1"), BASE.replace(b"0.05", b"0.2")
    assert set_in(ours, theirs) == b"GAIN = 0.1\nHOVER = 0.2\nSTEPS = 1\n"


def test_a_number_that_both_sides_set_is_as_theirs_has_it() -> None:
    ours, theirs = BASE.replace(b"0.3", b"0.1"), BASE.replace(b"0.3", b"0.7")
    assert set_in(ours, theirs) == theirs


def test_what_else_changed_in_ours_stays() -> None:
    ours = b"import math\n" + BASE.replace(b"STEPS = 1", b"STEPS = 1  # or two")
    assert set_in(ours, BASE.replace(b"0.3", b"0.7")) == ours.replace(b"0.3", b"0.7")


def test_another_file_of_ours_stays() -> None:
    base, theirs = {"a.py": BASE, "b.py": b"B = 2\n"}, {"a.py": BASE, "b.py": b"B = 4\n"}
    ours = {"a.py": b"GAIN = 0.1\n", "b.py": b"B = 3\n"}
    assert with_settings(base, ours, theirs) == {"a.py": b"GAIN = 0.1\n", "b.py": b"B = 4\n"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BASE.replace(b"0.3", b"0.1"), BASE.replace(b"0.3", b"0.3 + EXTRA")),
        (BASE.replace(b"0.3", b"0.1"), BASE.replace(b"0.3", b"0.7") + b"MORE = 1\n"),
        (BASE.replace(b"GAIN = 0.3", b"GAIN = read()"), BASE.replace(b"0.3", b"0.7")),
        (b"def broken(:\n", BASE.replace(b"0.3", b"0.7")),
    ],
)
def test_more_than_numbers_and_numbers_that_are_gone_are_not_set(
    ours: bytes, theirs: bytes
) -> None:
    assert set_in(ours, theirs) is None


def test_a_file_more_or_less_is_more_than_numbers() -> None:
    assert with_settings({"a.py": BASE}, {"a.py": BASE}, {"a.py": BASE, "b.py": b"B = 1\n"}) is None
