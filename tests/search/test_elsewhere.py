"""Other instances, the same expectation."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.trial import Pair, TrialRecord
from agentlab.search.elsewhere import dealt_anew, elsewhere, told_of

SEEDS = st.integers(0, (1 << 32) - 1)


def pair(seed: int, split: SplitName = "validation") -> Pair:
    return Pair(task=Task(id="t"), seed=seed, split=split, cluster=f"t#{seed}")


def record(place: int, success: float, *, items: tuple[float, ...] = ()) -> TrialRecord:
    scored = tuple(
        ItemOutcome(id=f"{place}/{at}", cluster=f"g{place}", success=score, metrics={"mrr": score})
        for at, score in enumerate(items)
    )
    return TrialRecord(
        key=f"k{place}",
        bench="b",
        candidate="c",
        task=f"t{place}",
        split="validation",
        seed=0,
        cluster=f"t{place}",
        fate=Fate.SOLVED if success >= 1 else Fate.FAILED,
        outcome=Outcome(success=success, items=scored),
        usage=Usage(context_tokens=round(success * 100)),
    )


@given(SEEDS, st.sampled_from(SPLITS), st.text(max_size=5))
def test_a_seed_elsewhere_is_one_that_the_split_may_have(
    seed: int, split: SplitName, candidate: str
) -> None:
    moved = elsewhere(candidate, pair(seed, split))

    assert moved.seed % len(SPLITS) == SPLITS.index(split)
    assert (moved.task, moved.cluster, moved.split) == (Task(id="t"), f"t#{seed}", split)
    assert elsewhere(candidate, pair(seed, split)) == moved


def test_each_candidate_and_each_pair_has_an_instance_of_its_own() -> None:
    moved = {elsewhere(who, pair(seed)).seed for who in ("a", "b", "c") for seed in range(200)}

    assert len(moved) == 600


def test_a_record_is_told_of_the_pair_and_keeps_the_key_of_its_trial() -> None:
    told = told_of(record(1, 1.0), pair(7))

    assert (told.task, told.seed, told.cluster, told.key) == ("t", 7, "t#7", "k1")
    assert told.success == 1.0


def test_outcomes_are_dealt_among_those_that_were_measured_and_their_mean_is_kept() -> None:
    records = [record(place, float(place % 4 == 0)) for place in range(400)]
    dealt = dealt_anew(records)

    assert [one.task for one in dealt] == [one.task for one in records]
    assert [one.key for one in dealt] == [one.key for one in records]
    assert sum(one.success != was.success for one, was in zip(dealt, records, strict=True)) > 80
    # Four standard errors of 400 draws.
    assert mean(one.success for one in dealt) == pytest.approx(0.25, abs=0.09)
    assert all(one.usage.context_tokens == one.success * 100 for one in dealt)
    assert dealt_anew(records) == dealt


def test_items_are_dealt_to_items_of_any_batch_and_stay_who_they_are() -> None:
    records = [record(place, 0.5, items=(float(place), 0.5)) for place in (0, 1)] * 1
    dealt = dealt_anew(records)

    for before, after in zip(records, dealt, strict=True):
        assert [(one.id, one.cluster) for one in after.items] == [
            (one.id, one.cluster) for one in before.items
        ]
        assert all(one.metrics == {"mrr": one.success} for one in after.items)
    many = [record(place, 0.5, items=(float(place % 2),) * 3) for place in range(100)]
    scores = [one.success for after in dealt_anew(many) for one in after.items]
    assert mean(scores) == pytest.approx(0.5, abs=0.12)


def test_one_unit_alone_is_dealt_its_own_outcome() -> None:
    assert dealt_anew([record(1, 1.0)]) == [record(1, 1.0)]
