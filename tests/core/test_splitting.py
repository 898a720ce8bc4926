"""Whole groups, dealt by a seed."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentlab
from agentlab.core import splitting
from agentlab.core.splitting import split_by_group
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.errors import InputError

SIZES = st.lists(st.integers(1, 30), min_size=3, max_size=60)
SHARES = st.tuples(*[st.floats(0.05, 1.0)] * 3)


def made(sizes: list[int]) -> list[Task]:
    return [
        Task(id=f"{group}-{number}", group=f"g{group}")
        for group, size in enumerate(sizes)
        for number in range(size)
    ]


def groups_of(tasks: tuple[Task, ...]) -> set[str]:
    return {task.group for task in tasks}


@given(SIZES, SHARES, st.integers(0, 1000))
def test_every_task_is_in_one_split_and_every_group_in_one(
    sizes: list[int], shares: tuple[float, float, float], seed: int
) -> None:
    tasks = made(sizes)
    splits = split_by_group(tasks, seed=seed, shares=shares)

    assert tuple(splits) == SPLITS
    assert all(splits.values()), "a split is empty"
    assert sorted(task.id for split in splits.values() for task in split) == sorted(
        task.id for task in tasks
    )
    assert sum(len(groups_of(split)) for split in splits.values()) == len(sizes)
    assert splits == split_by_group(tasks, seed=seed, shares=shares)


@given(st.lists(st.integers(1, 30), min_size=12, max_size=60), st.integers(0, 1000))
def test_splits_come_near_their_shares(sizes: list[int], seed: int) -> None:
    tasks = made(sizes)
    splits = split_by_group(tasks, seed=seed)

    for split, share in zip(SPLITS, (0.5, 0.25, 0.25), strict=True):
        assert abs(len(splits[split]) - share * len(tasks)) <= max(sizes)


@given(st.integers(0, 1000))
def test_each_split_holds_large_groups_and_small_ones(seed: int) -> None:
    splits = split_by_group(made([10] * 8 + [1] * 8), seed=seed)

    for split in SPLITS:
        sizes = {
            sum(task.group == group for task in splits[split]) for group in groups_of(splits[split])
        }
        assert sizes == {10, 1}


def test_another_seed_deals_otherwise() -> None:
    tasks = made(list(range(1, 25)))

    assert len({str(split_by_group(tasks, seed=seed)) for seed in range(8)}) > 4


def test_a_task_without_a_group_is_a_group_of_its_own() -> None:
    splits = split_by_group([Task(id=str(number)) for number in range(8)])

    assert {split: len(tasks) for split, tasks in splits.items()} == {
        "train": 4,
        "validation": 2,
        "test": 2,
    }


@pytest.mark.parametrize(
    ("sizes", "shares", "said"),
    [
        ([5, 5], (2, 1, 1), "at least 3 are needed"),
        ([1, 1, 1], (1, 1), "three numbers above 0"),
        ([1, 1, 1], (1, 1, 0), "three numbers above 0"),
    ],
)
def test_what_cannot_be_held_apart_is_refused(
    sizes: list[int], shares: tuple[float, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        split_by_group(made(sizes), shares=shares)


def test_it_takes_three_lines_in_an_environment() -> None:
    class World(agentlab.Environment):
        def __init__(self) -> None:
            self._splits = agentlab.split_by_group(made([1] * 8))

        def tasks(self, split: SplitName) -> tuple[Task, ...]:
            return self._splits[split]

        def start(self, task: Task, seed: int) -> agentlab.Episode:
            raise NotImplementedError

    assert len(World().tasks("train")) == 4


def test_the_example_in_the_docstring_holds() -> None:
    assert doctest.testmod(splitting).failed == 0
