from __future__ import annotations

import pytest

from agentlab.llm.names import AnsweredNames


@pytest.mark.parametrize(
    ("asked", "answered", "is_other"),
    [
        ("gpt-4o", "gpt-4o", False),
        ("gpt-4o", "gpt-4o-2024-08-06", False),
        ("openai/gpt-4o", "gpt-4o-2024-08-06", False),
        ("gpt-4o-2024-08-06", "gpt-4o", True),
        ("gpt-4o", "gpt-4o-mini", True),
        ("gpt-4o-2024-08-06", "gpt-4o-2024-11-20", True),
    ],
)
def test_a_name_may_be_answered_with_its_day_and_with_no_other(
    asked: str, answered: str, is_other: bool
) -> None:
    assert AnsweredNames().is_other(asked, answered) is is_other


def test_an_alias_that_comes_to_mean_another_release_is_another_model() -> None:
    names = AnsweredNames()

    assert not names.is_other("gpt-4o", "gpt-4o-2024-08-06")
    assert names.is_other("gpt-4o", "gpt-4o-2024-11-20")
    assert not names.is_other("gpt-4o", "gpt-4o-2024-08-06")
