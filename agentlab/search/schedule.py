"""Which pairs are measured: blocks of every task of a split once, on seeds that never meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.trial import Pair
from agentlab.core.value import digest

__all__ = ["Schedule", "halving_stream"]


def halving_stream(generation: int) -> str:
    """Returns the stream of train blocks on which siblings of a generation are compared."""
    return f"halving{generation}"


class Schedule:
    """The pairs of a run, a function of its seed alone."""

    def __init__(
        self, tasks: Mapping[SplitName, Sequence[Task]], *, seed: int, is_seeded: bool
    ) -> None:
        self._tasks = tasks
        self._seed = seed
        self._is_seeded = is_seeded

    @property
    def has_fresh_seeds(self) -> bool:
        """Whether every block holds new instances; a fixed data set has one block only."""
        return self._is_seeded

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks of a split."""
        return self._tasks[split]

    def block(self, split: SplitName, stream: str, index: int) -> list[Pair]:
        """Returns every task of a split once, each with a seed of its own.

        Args:
            split: Whose tasks; seeds of different splits differ modulo their number.
            stream: What the block is for; streams of different names share no seeds.
            index: Number of the block in its stream, from 0.
        """
        return [self._pair(task, split, f"{stream}/{index}") for task in self._tasks[split]]

    def blocks(self, split: SplitName, stream: str, count: int) -> list[Pair]:
        """Returns the first `count` blocks of a stream, or the only one of a fixed data set."""
        count = count if self._is_seeded else 1
        return [pair for index in range(count) for pair in self.block(split, stream, index)]

    def series(self, split: SplitName, stream: str, count: int) -> list[Pair]:
        """Returns `count` blocks in which the seeds of a task follow one another.

        Blocks that stand alone are draws without a memory, as a test at every look needs them. A
        measurement of fixed length is better off with a series: an environment may spread what it
        draws evenly over consecutive seeds.
        """
        if not self._is_seeded:
            return self.block(split, stream, 0)
        first = self.block(split, stream, 0)
        return [
            Pair(
                task=pair.task,
                seed=pair.seed + len(SPLITS) * index,
                split=split,
                cluster=f"{pair.task.id}#{stream}/{index}",
            )
            for index in range(count)
            for pair in first
        ]

    def _pair(self, task: Task, split: SplitName, place: str) -> Pair:
        if not self._is_seeded:
            return Pair(task=task, seed=0, split=split, cluster=task.id)
        number = int(digest([self._seed, place, task.id])[:8], 16)
        seed = number // len(SPLITS) * len(SPLITS) + SPLITS.index(split)
        return Pair(task=task, seed=seed, split=split, cluster=f"{task.id}#{place}")
