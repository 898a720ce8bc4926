"""What the interpreter's own program says is known, so that nobody is asked for it."""

from __future__ import annotations

import heapq
import os

import pytest

from tests.environments.code_search.conftest import part


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("makedirs", str(os.makedirs.__doc__).partition("\n\n")[0]),  # frozen into the program
        ("heappush", str(heapq.heappush.__doc__)),  # C code
    ],
)
def test_c_code_and_frozen_modules_are_heard(name: str, text: str) -> None:
    assert part("spoken").spoken_here().has(name, text)


def test_what_only_a_file_of_the_library_says_is_not() -> None:
    said = "Collapse and truncate the given text to fit in the given width."

    assert not part("spoken").spoken_here().has("shorten", said)
