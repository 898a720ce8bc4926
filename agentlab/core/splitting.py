"""One list of tasks dealt to train, validation and test, whole groups at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.errors import InputError

__all__ = ["split_by_group"]

_Group = Sequence[Task]


def split_by_group(
    tasks: Sequence[Task], *, seed: int = 1, shares: Sequence[float] = (0.5, 0.25, 0.25)
) -> dict[SplitName, tuple[Task, ...]]:
    """Returns the tasks of each split; no group is in two of them, and none is empty.

    Groups are dealt from the largest to the smallest, each to the split that is furthest below
    its share of the tasks so far, so that all splits hold large groups and small ones. Among
    groups of similar size the seed decides. Tasks stay in the order in which they were given.

    Args:
        tasks: All of them. One without a group is a group of its own.
        seed: Another seed deals the groups otherwise; the same seed always alike.
        shares: How much of the tasks train, validation and test get, in any unit.

    Raises:
        InputError: there are fewer groups than splits, or the shares are not three above 0.

    >>> tasks = [Task(id=f"{group}{n}", group=group) for group in "abcdef" for n in range(2)]
    >>> splits = split_by_group(tasks)
    >>> {name: sorted({task.group for task in split}) for name, split in splits.items()}
    {'train': ['b', 'd', 'f'], 'validation': ['c', 'e'], 'test': ['a']}
    """
    if len(shares) != len(SPLITS) or min(shares) <= 0:
        raise InputError(f"shares: {tuple(shares)} must be three numbers above 0")
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.group_or_id, []).append(task)
    if len(groups) < len(SPLITS):
        raise InputError(
            f"tasks: {len(groups)} groups cannot be held apart in {len(SPLITS)} splits; "
            f"at least {len(SPLITS)} are needed"
        )
    wanted = {split: share / sum(shares) for split, share in zip(SPLITS, shares, strict=True)}
    ordered = list(
        _by_size(list(groups.values()), stratum=round(1 / min(wanted.values())), seed=seed)
    )
    split_of = _dealt(ordered, wanted)
    return {
        split: tuple(task for task in tasks if split_of[task.group_or_id] == split)
        for split in SPLITS
    }


def _by_size(groups: Sequence[_Group], *, stratum: int, seed: int) -> Iterator[_Group]:
    """Yields the groups, the largest first, shuffled within strata of similar size."""
    draw = random.Random(seed)
    shuffled = draw.sample(groups, len(groups))
    falling = sorted(shuffled, key=len, reverse=True)
    for at in range(0, len(falling), stratum):
        similar = falling[at : at + stratum]
        yield from draw.sample(similar, len(similar))


def _dealt(groups: Sequence[_Group], wanted: Mapping[SplitName, float]) -> dict[str, SplitName]:
    """Returns the split of each group, by its name."""
    split_of: dict[str, SplitName] = {}
    held = dict.fromkeys(SPLITS, 0)
    for place, group in enumerate(groups):
        empty = [split for split in SPLITS if not held[split]]
        # The last groups are for splits that have none yet.
        open_splits = empty if len(groups) - place <= len(empty) else SPLITS
        total = sum(held.values()) + len(group)
        split = max(open_splits, key=lambda split: wanted[split] * total - held[split])
        split_of[group[0].group_or_id] = split
        held[split] += len(group)
    return split_of
