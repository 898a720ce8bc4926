"""What a task and a seed decide."""

from __future__ import annotations

from collections import Counter

import pytest

from environments.browser.sites.chance import Chance

SHARES = {"plain": 60, "long": 25, "odd": 15}


def test_the_same_task_and_seed_draw_the_same_and_others_draw_others() -> None:
    def draws(task: str, seed: int) -> list[float]:
        chance = Chance(task, seed)
        return [chance.random() for _ in range(3)]

    assert draws("shop", 1) == draws("shop", 1)
    assert draws("shop", 1) != draws("shop", 2)
    assert draws("shop", 1) != draws("table", 1)


@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("first", [0, 5, 93_640_171])
def test_kinds_come_by_their_shares_over_any_stretch_of_seeds(first: int, stride: int) -> None:
    seeds = range(first, first + 40 * stride, stride)
    found = Counter(Chance("shop", seed).kind(SHARES) for seed in seeds)
    assert all(abs(found[kind] - 0.4 * share) <= 2 for kind, share in SHARES.items())


def test_tasks_begin_with_different_kinds() -> None:
    assert len({Chance(f"task {number}", 0).kind(SHARES) for number in range(30)}) == 3
