"""Which pairs are measured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.search.schedule import Schedule

TASKS: dict[SplitName, list[Task]] = {
    split: [Task(id=f"{split}-{n}") for n in range(5)] for split in SPLITS
}


def schedule(seed: int = 1, *, is_seeded: bool = True) -> Schedule:
    return Schedule(TASKS, seed=seed, is_seeded=is_seeded)


def test_a_block_holds_every_task_once() -> None:
    block = schedule().block("validation", "gate0", 0)
    assert [pair.task.id for pair in block] == [task.id for task in TASKS["validation"]]
    assert len({pair.seed for pair in block}) == 5


@given(st.integers(0, 10_000), st.integers(0, 50), st.text(max_size=8))
def test_seeds_of_different_splits_never_meet(seed: int, index: int, stream: str) -> None:
    made = schedule(seed)
    remainders = {
        split: {pair.seed % len(SPLITS) for pair in made.block(split, stream, index)}
        for split in SPLITS
    }
    assert [remainders[split] for split in SPLITS] == [{0}, {1}, {2}]


def test_the_same_run_seed_gives_the_same_pairs_and_another_gives_others() -> None:
    assert schedule(3).block("test", "final", 2) == schedule(3).block("test", "final", 2)
    assert schedule(3).block("test", "final", 2) != schedule(4).block("test", "final", 2)


def test_streams_and_blocks_share_no_seeds() -> None:
    made = schedule()
    blocks = [made.block("train", stream, n) for stream in ("a", "b") for n in range(4)]
    seeds = [pair.seed for block in blocks for pair in block]
    assert len(set(seeds)) == len(seeds)


def test_the_seeds_of_a_series_follow_one_another_within_their_split() -> None:
    series = schedule().series("test", "final", 4)
    seeds = [pair.seed for pair in series if pair.task == TASKS["test"][0]]
    assert seeds == list(range(seeds[0], seeds[0] + 4 * len(SPLITS), len(SPLITS)))
    assert seeds[0] % len(SPLITS) == SPLITS.index("test")
    assert len({pair.cluster for pair in series}) == len(series) == 20


def test_every_pair_of_a_seeded_world_is_its_own_cluster() -> None:
    pairs = schedule().blocks("train", "final", 3)
    assert len({pair.cluster for pair in pairs}) == len(pairs) == 15


def test_a_fixed_data_set_has_one_block() -> None:
    made = schedule(is_seeded=False)
    assert not made.has_fresh_seeds
    pairs = made.blocks("test", "final", 6)
    assert [pair.task.id for pair in pairs] == [task.id for task in TASKS["test"]]
    assert made.series("test", "final", 6) == pairs
    assert made.tasks("test") == TASKS["test"]
