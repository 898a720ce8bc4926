"""When a canary is sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentlab.search.canaries import is_canary_batch


@given(st.floats(0, 0.99), st.integers(1, 300))
def test_so_large_a_share_of_all_batches_is_one_and_never_the_first(
    share: float, batches: int
) -> None:
    sent = [is_canary_batch(number, share=share) for number in range(1, batches + 1)]

    assert abs(sum(sent) - share * batches) <= 1
    assert not sent[0]


def test_without_a_share_there_is_none() -> None:
    assert not any(is_canary_batch(number, share=0.0) for number in range(1, 1000))
