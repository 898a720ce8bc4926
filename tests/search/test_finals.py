"""The last measurement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Estimate
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.search.finals import final_pairs, measure_finals
from agentlab.search.schedule import Schedule
from tests.search.test_contest import BETTER
from tests.search.wiring import BASELINE, Wiring


def test_both_are_measured_afresh_on_validation_and_on_the_test(wiring: Wiring) -> None:
    told: list[tuple[str, int, int]] = []
    looked: list[int] = []
    finals = measure_finals(
        wiring.measuring,
        final_pairs(wiring.schedule, 5),
        baseline=BASELINE,
        winner=BETTER,
        traits=wiring.traits,
        on_split=lambda *split: told.append(split),
        on_test=lambda _: looked.append(wiring.desk.measured),
    )
    assert told == [("validation", 120, 120), ("test", 120, 0)]
    assert looked == [120], "once, before the first trial of the test"
    assert not finals.difference.train
    assert finals.difference.test["success"].low > 0
    assert finals.difference.validation["success"].low > 0
    assert finals.winner.test["success"].estimate > finals.baseline.test["success"].estimate
    assert finals.solved_by_both.test["success"].estimate == 0
    wiring.desk.flush()
    assert len(wiring.journal.trials) == 2 * 2 * 12 * 5


def test_a_baseline_that_won_differs_from_itself_in_nothing(wiring: Wiring) -> None:
    told: list[tuple[str, int, int]] = []
    finals = measure_finals(
        wiring.measuring,
        final_pairs(wiring.schedule, 1),
        baseline=BASELINE,
        winner=BASELINE,
        traits=wiring.traits,
        on_split=lambda *split: told.append(split),
        on_test=lambda _: None,
    )
    assert told == [("validation", 12, 12), ("test", 12, 0)], "one candidate, measured once"
    assert finals.difference.test["success"] == Estimate(estimate=0, low=0, high=0)


@pytest.fixture
def apart(wiring: Wiring) -> Schedule:
    """Returns a schedule in which validation has groups of its own."""
    tasks: dict[SplitName, list[Task]] = {
        split: [Task(id=f"{split}-{number}", group=split) for number in range(12)]
        for split in SPLITS
    }
    return Schedule(tasks, seed=1, is_seeded=True)


def test_where_validation_has_groups_of_its_own_a_few_fresh_pairs_of_train_are_measured(
    wiring: Wiring, apart: Schedule
) -> None:
    pairs = final_pairs(apart, 6)
    searched = {pair.seed for index in range(3) for pair in apart.block("train", "halving0", index)}
    told: list[tuple[str, int, int]] = []
    finals = measure_finals(
        wiring.measuring,
        pairs,
        baseline=BASELINE,
        winner=BETTER,
        traits=wiring.traits,
        on_split=lambda *split: told.append(split),
        on_test=lambda _: None,
    )

    assert pairs.seen_on == "train"
    assert told == [("train", 48, 288), ("validation", 144, 144), ("test", 144, 0)]
    assert not searched & {pair.seed for pair in pairs.train}
    assert finals.difference.train["success"].estimate > 0


def test_a_baseline_that_won_has_no_gain_to_be_explained(wiring: Wiring, apart: Schedule) -> None:
    told: list[str] = []
    measure_finals(
        wiring.measuring,
        final_pairs(apart, 1),
        baseline=BASELINE,
        winner=BASELINE,
        traits=wiring.traits,
        on_split=lambda split, *_: told.append(split),
        on_test=lambda _: None,
    )

    assert told == ["validation", "test"]


def test_validation_on_groups_of_train_needs_no_trial_of_train(wiring: Wiring) -> None:
    pairs = final_pairs(wiring.schedule, 5)

    assert pairs.train == []
    assert pairs.seen_on == "validation"


@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 12), st.booleans())
def test_train_never_takes_more_than_a_third_of_the_test(
    train: int, test: int, blocks: int, is_seeded: bool
) -> None:
    tasks: dict[SplitName, list[Task]] = {
        "train": [Task(id=f"a{number}", group=f"a{number}") for number in range(train)],
        "validation": [Task(id="b")],
        "test": [Task(id=f"c{number}") for number in range(test)],
    }
    pairs = final_pairs(Schedule(tasks, seed=1, is_seeded=is_seeded), blocks)

    if is_seeded:
        assert 1 <= len(pairs.train) <= max(1, len(pairs.test) // 3)
        assert len({(pair.task.id, pair.seed) for pair in pairs.train}) == len(pairs.train)
    else:
        assert len(pairs.train) == train, "a fixed data set was measured on all of train"


def test_the_address_of_a_look_is_what_is_looked_at(wiring: Wiring) -> None:
    def address(winner: Candidate, blocks: int) -> str:
        looked: list[str] = []
        measure_finals(
            wiring.measuring,
            final_pairs(wiring.schedule, blocks),
            baseline=BASELINE,
            winner=winner,
            traits=wiring.traits,
            on_split=lambda *_: None,
            on_test=looked.append,
        )
        return looked[0]

    assert address(BETTER, 1) == address(BETTER, 1)
    assert len({address(BETTER, 1), address(BETTER, 2), address(BASELINE, 1)}) == 3
