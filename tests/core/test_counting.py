from __future__ import annotations

import pytest

from agentlab.core.counting import counted


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 trials"), (1, "1 trial"), (2, "2 trials"), (1234, "1,234 trials")],
)
def test_one_is_singular_and_all_else_plural(number: int, told: str) -> None:
    assert counted(number, "trial") == told


def test_an_odd_plural_is_given() -> None:
    assert [counted(n, "canary", "canaries") for n in (1, 2)] == ["1 canary", "2 canaries"]
