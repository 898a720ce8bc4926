"""Gains and losses by task: sorted, cut short, harmless."""

from __future__ import annotations

import pytest

from agentlab.core.objective import Objective, Then
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.report.tasks import Changes, TaskChange, change_words, changes_of, splits_told


def record(
    task: str,
    success: float,
    *,
    seed: int = 1,
    tokens: int = 100,
    split: SplitName = "train",
    items: tuple[ItemOutcome, ...] = (),
) -> TrialRecord:
    return TrialRecord(
        key=f"{task}{seed}",
        bench="b",
        candidate="c",
        task=task,
        split=split,
        seed=seed,
        fate=Fate.SOLVED,
        outcome=Outcome(success=success, items=items),
        usage=Usage(context_tokens=tokens),
    )


def test_tasks_that_changed_are_told_the_most_changed_first() -> None:
    mine = [record("a", 1), record("b", 1), record("b", 1, seed=2), record("c", 0), record("d", 1)]
    theirs = [record("a", 0), record("b", 0), record("b", 1, seed=2), record("c", 1)]
    (found,) = changes_of(mine, [*theirs, record("d", 1)], Objective())
    assert found == Changes(
        "success",
        (TaskChange("a", 0.0, 1.0, 1), TaskChange("b", 0.5, 1.0, 2)),
        (TaskChange("c", 1.0, 0.0, 1),),
    )
    assert change_words(found) == "+ a 0.00 -> 1.00, + b 0.50 -> 1.00, - c 1.00 -> 0.00"


def test_each_aim_has_its_own_and_what_is_spent_counts_where_both_solve() -> None:
    objective = Objective(then=Then(minimise="context_tokens"))
    mine = [record("a", 1, tokens=60), record("b", 1, tokens=1500), record("c", 0, tokens=1)]
    theirs = [record("a", 1), record("b", 1, tokens=1200), record("c", 1)]
    success, context = changes_of(mine, theirs, objective)
    assert change_words(success) == "- c 1.00 -> 0.00"
    assert (context.metric, change_words(context)) == (
        "context_tokens",
        "+ a 100 -> 60, - b 1,200 -> 1,500",
    )
    spending = changes_of(mine, theirs, Objective(minimise="context_tokens"))
    assert [changes.metric for changes in spending] == ["context_tokens", "success"]


def test_items_of_a_batch_are_told_by_their_cluster() -> None:
    def batch(*scores: float) -> TrialRecord:
        return record(
            "all",
            0.5,
            items=tuple(
                ItemOutcome(id=str(place), cluster=f"g{place // 2}", success=score)
                for place, score in enumerate(scores)
            ),
        )

    (found,) = changes_of([batch(1, 1, 0, 1)], [batch(0, 1, 0, 1)], Objective())
    assert found.gains == (TaskChange("g0", 0.5, 1.0, 2),)
    assert found.losses == ()


def test_a_long_list_ends_in_how_many_more_there_are() -> None:
    many = tuple(TaskChange(f"t{place}", 0.0, 1.0, 1) for place in range(5))
    words = change_words(Changes("success", many, many))
    assert words.count("+ ") == words.count("- ") == 3
    assert words.endswith(", and 4 more")


@pytest.mark.parametrize("split", ["test", "validation"])
def test_what_is_sealed_or_hidden_is_not_told(split: SplitName) -> None:
    hidden = Objective.model_validate({"rule": "gate"})
    mine, theirs = [record("a", 1, split=split)], [record("a", 0, split=split)]
    assert changes_of(mine, theirs, hidden) == ()
    assert len(changes_of(mine, theirs, Objective())) == (split == "validation")
    assert splits_told(hidden) == ("train",)


def test_a_task_has_the_name_that_a_terminal_may_be_shown() -> None:
    change = TaskChange("\x1b[2J\u202ex\nsecond" + "y" * 99, 0.0, 1.0, 1)
    words = change_words(Changes("success", (change,), ()))
    assert not set(words) & set("\x1b\u202e\n")
    assert len(words) < 100
