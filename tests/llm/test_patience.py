from __future__ import annotations

import random

import pytest

from agentlab.llm.patience import Patience

PATIENCE = Patience(first_wait_s=1, longest_wait_s=10)


@pytest.mark.parametrize(("failures", "longest"), [(1, 1), (2, 2), (4, 8), (5, 10), (50, 10)])
def test_the_wait_doubles_up_to_the_longest_and_half_of_it_is_chance(
    failures: int, longest: float
) -> None:
    waits = [PATIENCE.wait_s(failures, None, random.Random(seed)) for seed in range(200)]

    assert longest / 2 <= min(waits) < 0.6 * longest
    assert 0.9 * longest < max(waits) <= longest


def test_a_server_is_never_asked_earlier_than_it_asks_for_and_not_much_later() -> None:
    waits = [PATIENCE.wait_s(1, 60.0, random.Random(seed)) for seed in range(200)]

    assert 60.0 <= min(waits) < max(waits) <= 60.1
    assert PATIENCE.wait_s(9, 0.0, random.Random(0)) == 0.0
