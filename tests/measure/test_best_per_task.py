from __future__ import annotations

import random

import pytest

from agentlab.core.outcome import Fate, ItemOutcome, Outcome
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.measure.best_per_task import TaskScores, best_per_task


def trial(
    candidate: str, task: str, seed: int, success: float, *, split: SplitName = "train"
) -> TrialRecord:
    """Seeds of a split are three apart; so neighbours are in different halves."""
    return TrialRecord(
        key=f"{candidate}/{split}/{task}/{seed}",
        bench="b",
        candidate=candidate,
        task=task,
        split=split,
        seed=3 * seed,
        cluster=f"{task}#{seed}",
        fate=Fate.SOLVED if success >= 1 else Fate.FAILED,
        outcome=Outcome(success=success),
    )


def scores_of(*records: TrialRecord) -> TaskScores:
    scores = TaskScores()
    scores.add(records)
    return scores


def test_candidates_that_solve_different_tasks_are_together_better_than_either() -> None:
    records = [
        trial(candidate, f"t{task}", seed, float((task % 2 == 0) == (candidate == "even")))
        for candidate in ("even", "odd")
        for task in range(6)
        for seed in range(4)
    ]
    best = best_per_task(scores_of(*records), "even")
    assert best is not None
    assert best.success.estimate == 1.0
    # The winner solves three of the six.
    assert best.lead.estimate == pytest.approx(0.5)


def test_by_hand_the_choice_is_made_on_one_half_and_measured_on_the_other() -> None:
    # Half 0 says "lucky", on which half 1 has 0; half 1 says "steady", on which half 0 has 0.
    records = [
        trial(candidate, f"t{task}", seed, success)
        for task in range(4)
        for candidate, seed, success in (
            ("lucky", 0, 1.0),
            ("lucky", 1, 0.0),
            ("steady", 0, 0.0),
            ("steady", 1, 1.0),
        )
    ]
    scores = scores_of(*records)
    best = best_per_task(scores, "steady")
    assert best is not None
    assert best.success.estimate == 0.0
    assert best.lead.estimate == pytest.approx(-0.5)
    assert scores.highest == 0.5


def test_luck_in_the_choice_adds_nothing() -> None:
    """Forty candidates that are alike: the highest score of each task is far above the truth."""
    draw = random.Random(1)
    records = [
        trial(f"c{candidate}", f"t{task}", seed, float(draw.random() < 0.5))
        for candidate in range(40)
        for task in range(30)
        for seed in range(4)
    ]
    scores = scores_of(*records)
    best = best_per_task(scores, "c0")
    assert best is not None
    assert scores.highest is not None
    assert scores.highest > 0.9
    assert best.success.low < 0.5 < best.success.high
    assert best.lead.low < 0 < best.lead.high


def test_without_a_second_seed_there_is_no_honest_best() -> None:
    scores = scores_of(*(trial("c", f"t{task}", 0, 1.0) for task in range(9)))
    assert best_per_task(scores, "c") is None
    assert scores.highest == 1.0


def test_fewer_than_four_tasks_have_no_interval() -> None:
    def of(tasks: int) -> TaskScores:
        return scores_of(*(trial("c", f"t{t}", seed, 1.0) for t in range(tasks) for seed in (0, 1)))

    assert best_per_task(of(3), "c") is None
    assert best_per_task(of(4), "c") is not None


def test_a_task_is_unsolved_if_no_trial_of_anybody_had_any_success() -> None:
    scores = scores_of(
        trial("a", "hard", 0, 0.0),
        trial("b", "hard", 1, 0.0),
        trial("a", "graded", 0, 0.2),
        trial("a", "hard", 0, 0.0, split="validation"),
        trial("a", "sealed", 0, 0.0, split="test"),
    )
    assert [(task.task, task.split, task.trials) for task in scores.unsolved] == [
        ("hard", "train", 2),
        ("hard", "validation", 1),
    ]
    assert scores.tasks == 3


def test_a_task_was_never_solved_only_if_its_seeds_were_not_bad_luck() -> None:
    def unsolved(seeds: int, others: float) -> bool:
        # Nine tasks like one another, of whose ten seeds this share is solved.
        records = [
            trial("a", f"t{task}", seed, float(seed < 10 * others))
            for task in range(9)
            for seed in range(10)
        ]
        hard = [trial(c, "hard", seed, 0.0) for seed in range(seeds) for c in "abcdefghij"]
        (found,) = scores_of(*records, *hard).unsolved
        assert (found.seeds, found.trials) == (seeds, 10 * seeds)
        return found.is_never

    # Ten tasks; 27 of 90 seeds solved: 10 * (1 - 27 / 91)^n <= 0.05 from 16 seeds on.
    assert not unsolved(3, 0.3)
    assert not unsolved(15, 0.3)
    assert unsolved(16, 0.3)
    # 81 of 90: 10 * (1 - 81 / 91)^n from 3 seeds on.
    assert not unsolved(2, 0.9)
    assert unsolved(3, 0.9)


def test_where_there_are_no_seeds_the_number_of_trials_says_it() -> None:
    def is_never(candidates: int) -> bool:
        return (
            scores_of(*(trial(f"c{n}", "t", 0, 0.0) for n in range(candidates)))
            .unsolved[0]
            .is_never
        )

    assert not is_never(29)
    assert is_never(30)


def test_a_trial_counts_once_and_our_failures_do_not() -> None:
    once = trial("a", "t", 0, 0.0)
    lost = trial("a", "t", 1, 0.0).model_copy(update={"fate": Fate.INFRA, "outcome": None})
    assert scores_of(once, once, lost).unsolved[0].trials == 1


def test_the_items_of_a_batch_are_tasks_of_their_own() -> None:
    items = (
        ItemOutcome(id="q1", cluster="g", success=1.0),
        ItemOutcome(id="q2", cluster="g", success=0.0),
    )
    batch = trial("a", "batch", 0, 0.5).model_copy(
        update={"outcome": Outcome(success=0.5, items=items)}
    )
    assert [task.task for task in scores_of(batch).unsolved] == ["q2"]


def test_nothing_tried_is_nothing_known() -> None:
    scores = TaskScores()
    assert (scores.tasks, scores.unsolved, scores.highest) == (0, (), None)
