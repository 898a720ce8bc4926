from __future__ import annotations

import io

from agentlab.core.decision import Decision, Verdict
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.report.console import open_console
from agentlab.report.decisions import print_candidate, print_decisions, task_rows
from agentlab.report.record import RunRecord
from agentlab.report.tasks import Changes, TaskChange


def record(
    task: str, seed: int, success: float | None, split: SplitName = "validation"
) -> TrialRecord:
    return TrialRecord(
        key=f"{task}{seed}{split}",
        bench="b",
        candidate="c",
        task=task,
        split=split,
        seed=seed,
        fate=Fate.INFRA if success is None else Fate.SOLVED if success else Fate.FAILED,
        outcome=None if success is None else Outcome(success=success),
    )


def test_gains_and_losses_are_counted_on_the_same_seeds_only() -> None:
    mine = [record("a", 1, 1), record("a", 2, 0), record("a", 3, 1), record("a", 4, None)]
    theirs = [record("a", 1, 0), record("a", 2, 1), record("a", 3, 1), record("a", 4, 1)]
    (row,) = task_rows(mine, [*theirs, record("a", 9, 1), record("b", 1, 1)])
    assert (row.pairs, row.gains, row.losses) == (3, 1, 1)
    assert (row.success, row.incumbent_success) == (2 / 3, 2 / 3)


def test_the_most_changed_task_comes_first() -> None:
    mine = [record("a", 1, 1), record("b", 1, 1), record("b", 2, 1)]
    theirs = [record("a", 1, 1), record("b", 1, 0), record("b", 2, 0)]
    assert [row.task for row in task_rows(mine, theirs)] == ["b", "a"]


def test_the_sealed_test_is_never_shown_by_task() -> None:
    assert task_rows([record("a", 1, 1, "test")], [record("a", 1, 0, "test")]) == ()


def test_the_table_has_a_line_per_proposal(hostile_record: RunRecord) -> None:
    stream = io.StringIO()
    print_decisions(hostile_record.decisions, "success", open_console(stream))
    shown = stream.getvalue()
    assert "+0.17 [+0.11, +0.23]" in shown
    assert "ideas: two" in shown
    assert not set(shown) & set("\x1b\x07\r\u202e")


def test_a_run_without_decisions_says_so() -> None:
    stream = io.StringIO()
    print_decisions([], "success", open_console(stream))
    assert stream.getvalue() == "nothing decided yet\n"


def test_one_proposal_is_shown_in_full_and_harmless(hostile_record: RunRecord) -> None:
    stream = io.StringIO()
    kept: Decision = hostile_record.decisions[0]
    rows = task_rows([record("a", 1, 1)], [record("a", 1, 0)])
    changes = [Changes("success", (TaskChange("\x1b[2Ja", 0.2, 0.8, 5),), ())]
    print_candidate(kept, hostile_record.hypotheses["c1"], rows, changes, open_console(stream))
    shown = stream.getvalue()
    assert f"{Verdict.KEPT.value} at the gate stage" in shown
    assert "e-value 334 over 240 pairs" in shown
    assert r"success: + \x1b[2Ja 0.20 -> 0.80" in shown
    assert "second" in shown, "the whole hypothesis, not its first line"
    assert not set(shown) & set("\x1b\x07\r\u202e")
