"""How a metric varies though nobody changed the target."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.measure.noise import (
    Disagreement,
    disagreements,
    edited_spread,
    floor_of,
    mean_of,
    pairing_of,
    repeated_spread,
    reseeded_spread,
)


def trial(
    task: str,
    seed: int,
    success: float | None,
    *,
    repetition: int = 0,
    context: int = 100,
    fate: Fate | None = None,
) -> TrialRecord:
    """Returns a trial; a success of None was not judged."""
    judged = Fate.SOLVED if success is not None and success >= 1 else Fate.FAILED
    return TrialRecord(
        key=f"{task}{seed}{repetition}{success}{context}",
        bench="b",
        candidate="c",
        task=task,
        seed=seed,
        repetition=repetition,
        cluster=f"{task}#{seed}",
        fate=fate or judged,
        outcome=None if success is None else Outcome(success=success, metrics={"far": success}),
        usage=Usage(context_tokens=context),
    )


def trials(
    successes: Sequence[float], *, repetition: int = 0, context: int = 100
) -> list[TrialRecord]:
    return [
        trial("t", seed, success, repetition=repetition, context=context)
        for seed, success in enumerate(successes)
    ]


def test_what_repeats_itself_has_no_repeated_spread() -> None:
    first, again = trials([1, 0, 1, 0]), trials([1, 0, 1, 0], repetition=1)
    assert repeated_spread(first, again, "success") == 0
    assert disagreements(first, again, ["success"]) == []


def test_verdicts_that_flip_are_the_repeated_spread() -> None:
    first, again = trials([1, 0, 1, 0]), trials([1, 0, 0, 1], repetition=1)
    assert repeated_spread(first, again, "success") == pytest.approx(math.sqrt(0.5))


def test_a_disagreement_names_task_seed_and_metric_once_for_each_pair() -> None:
    first, again = trials([1, 0, 1]), trials([1, 0, 0], repetition=1)
    found = disagreements(first, again, ["success", "far"])
    assert found == [Disagreement("t", 2, "success", 1.0, 0.0)]


def test_a_timeout_is_the_machines_word_and_not_the_worlds() -> None:
    slow = [trial("t", 0, None, repetition=1, fate=Fate.TIMEOUT)]
    assert disagreements(trials([1]), slow, ["success"]) == []


def test_too_few_repetitions_have_no_spread() -> None:
    assert repeated_spread(trials([1, 0]), trials([0, 1], repetition=1), "success") is None


def test_seeds_are_compared_within_a_task_alone() -> None:
    easy = [trial("easy", seed, 1) for seed in range(3)]
    hard = [trial("hard", seed, 0) for seed in range(3)]
    assert reseeded_spread([*easy, *hard], "success") == 0


def test_where_each_task_has_one_seed_the_tasks_are_compared() -> None:
    records = [trial(f"t{n}", 0, n % 2) for n in range(4)]
    assert reseeded_spread(records, "success") == pytest.approx(math.sqrt(4 / 6))


def test_what_is_spent_is_compared_where_it_solves() -> None:
    solved = [trial("t", seed, 1, context=100) for seed in range(4)]
    lost = [trial("t", seed, 0, context=9_999) for seed in range(4, 8)]
    assert reseeded_spread([*solved, *lost], "context_tokens") == 0
    assert reseeded_spread(lost, "context_tokens") is None


def test_items_are_compared_by_their_clusters() -> None:
    items = tuple(
        ItemOutcome(id=f"q{n}", cluster=f"g{n // 2}", success=float(n % 2)) for n in range(8)
    )
    record = trial("batch", 0, 0.5)
    assert record.outcome is not None
    batch = record.model_copy(
        update={"outcome": record.outcome.model_copy(update={"items": items})}
    )
    assert reseeded_spread([batch], "success") == 0, "each group has one hit and one miss"


def test_an_edits_own_gain_is_not_its_noise() -> None:
    target = trials([0, 0, 0, 0, 0, 0])
    assert edited_spread(target, [trials([1, 1, 1, 1, 1, 1])], "success") == 0
    assert edited_spread(target, [trials([1, 0, 1, 0, 1, 0])], "success") == pytest.approx(
        math.sqrt(6 * 0.25 / 5)
    )


def test_edits_that_could_not_be_compared_tell_nothing() -> None:
    assert edited_spread(trials([0, 1]), [], "success") is None
    assert edited_spread(trials([0, 0]), [trials([1, 1])], "context_tokens") is None


def test_the_floor_shrinks_with_the_root_of_the_clusters() -> None:
    assert floor_of(0.5, 400) == pytest.approx(floor_of(0.5, 100) / 2)  # type: ignore[operator]
    assert floor_of(None, 100) is floor_of(0.5, 0) is None


def test_a_mean_of_nothing_is_nothing() -> None:
    assert mean_of([], "success") == 0
    assert mean_of(trials([1, 0]), "success") == 0.5


_SUCCESSES = st.lists(st.floats(0, 1), min_size=5, max_size=12)


@given(_SUCCESSES)
def test_a_repetition_of_the_same_pairs_perfectly(successes: list[float]) -> None:
    spread = repeated_spread(trials(successes), trials(successes, repetition=1), "success")
    unpaired = reseeded_spread(trials(successes), "success")
    assert pairing_of(spread, unpaired) in (None, 1.0)


@given(_SUCCESSES, _SUCCESSES)
def test_no_spread_leaves_the_unit_of_the_test(one: list[float], other: list[float]) -> None:
    size = min(len(one), len(other))
    first, again = trials(one[:size]), trials(other[:size], repetition=1)
    for spread in (
        repeated_spread(first, again, "success"),
        reseeded_spread(first, "success"),
        edited_spread(first, [trials(other[:size])], "success"),
    ):
        assert spread is None or 0 <= spread <= 1.5
