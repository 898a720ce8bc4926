from __future__ import annotations

import pytest

from agentlab.llm.call import CallRecord, CallState


@pytest.mark.parametrize(
    ("state", "is_spent"),
    [
        ("reserved", False),
        ("settled", True),
        ("failed", False),
        ("lost", True),
        ("cached", False),
    ],
)
def test_what_was_answered_or_may_have_been_is_spent(state: CallState, is_spent: bool) -> None:
    record = CallRecord(
        key="k", model="m", state=state, prompt_tokens=1, completion_tokens=1, cost_usd=1
    )

    assert record.is_spent is is_spent
