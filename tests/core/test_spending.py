from __future__ import annotations

import pytest

from agentlab.core.outcome import Usage
from agentlab.core.spending import SPENDING, less_words


def test_all_that_is_spent_is_metered_and_has_words() -> None:
    for metric in SPENDING:
        assert metric in Usage.model_fields
        assert less_words(metric, 0.4).startswith("40 % ")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.4, "40 % less cost"),
        (0.0999, "10 % less cost"),
        (0.012, "1.2 % less cost"),
        (0.0001, "as much cost"),
        (-1.5, "150 % more cost"),
    ],
)
def test_less_and_more_are_said_in_per_cent(share: float, said: str) -> None:
    assert less_words("cost_usd", share) == said
