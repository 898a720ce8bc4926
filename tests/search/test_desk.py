"""Between the search and the executor."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Pair, Trial
from agentlab.errors import NothingMeasurable
from agentlab.search.desk import TrialDesk
from tests.search.scripted import Scripted
from tests.search.wiring import BASELINE, MemoryJournal


def trials(count: int, *, start: int = 0) -> list[Trial]:
    return [
        Trial(
            bench="b",
            candidate=BASELINE.digest,
            pair=Pair(task=Task(id="t"), seed=seed, split="train", cluster=str(seed)),
        )
        for seed in range(start, start + count)
    ]


CANDIDATES = {BASELINE.digest: BASELINE}


def desk(executor: Scripted, folder: Path, journal: MemoryJournal | None = None) -> TrialDesk:
    return TrialDesk(executor, journal or MemoryJournal(), artefacts=folder)


def test_records_come_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    asked = trials(9)
    found = desk(Scripted(), tmp_path).records(asked[::-1], CANDIDATES)
    assert [record.key for record in found] == [trial.key for trial in asked[::-1]]


def test_a_trial_is_measured_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    executor = Scripted()
    made = desk(executor, tmp_path)
    made.want(trials(4), CANDIDATES, urgency=2)
    made.records(trials(4), CANDIDATES)
    made.records(trials(4), CANDIDATES)
    assert len(executor.attempts) == 4
    assert made.measured == made.seen == 4


def test_what_an_earlier_session_measured_is_recalled(tmp_path: Path) -> None:
    journal = MemoryJournal()
    first = desk(Scripted(), tmp_path, journal)
    first.records(trials(3), CANDIDATES)
    first.flush()
    executor = Scripted()
    again = desk(executor, tmp_path, journal)
    assert again.records(trials(3), CANDIDATES)
    assert executor.attempts == []
    assert again.measured == 0


def test_the_urgent_goes_before_what_was_queued_first(tmp_path: Path) -> None:
    executor = Scripted()
    made = desk(executor, tmp_path)
    made.want(trials(20), CANDIDATES, urgency=2)
    urgent = trials(2, start=100)
    made.records(urgent, CANDIDATES)
    assert {trial.key for trial in urgent} <= set(executor.attempts[:6])


def test_what_was_only_expected_is_dropped_on_request(tmp_path: Path) -> None:
    executor = Scripted()
    made = desk(executor, tmp_path)
    made.want(trials(50), CANDIDATES, urgency=2)
    made.forget_queued()
    made.records(trials(1, start=100), CANDIDATES)
    assert len(executor.attempts) < 10


def test_a_lost_attempt_is_tried_again_and_not_counted(tmp_path: Path) -> None:
    made = desk(Scripted(loses=2), tmp_path)
    (record,) = made.records(trials(1), CANDIDATES)
    assert record.fate is Fate.SOLVED
    assert (made.measured, made.lost) == (1, 2)


def test_a_trial_that_is_lost_three_times_stays_unmeasured_and_unsaved(tmp_path: Path) -> None:
    journal = MemoryJournal()
    made = desk(Scripted(loses=3), tmp_path, journal)
    (record,) = made.records(trials(1), CANDIDATES)
    made.flush()
    assert record.fate is Fate.INFRA
    assert journal.trials == {}


def test_too_many_losses_in_a_row_stop_the_run_with_the_reason(tmp_path: Path) -> None:
    executor = Scripted(loses=99)
    with pytest.raises(NothingMeasurable, match="node lost"):
        desk(executor, tmp_path).records(trials(20), CANDIDATES)
    assert len(executor.attempts) == 12


def test_what_was_answered_without_measuring_is_remembered_with_its_record(tmp_path: Path) -> None:
    journal = MemoryJournal()
    first = desk(Scripted(), tmp_path, journal)
    first.want(trials(4), CANDIDATES, urgency=2)
    first.records(trials(2), CANDIDATES)
    assert first.reused == {}, "asked for once, though wanted before"
    first.records(trials(1), CANDIDATES)
    assert list(first.reused) == [trials(1)[0].key]
    first.flush()
    again = desk(Scripted(), tmp_path, journal)
    again.records(trials(1), CANDIDATES)
    ((key, reused),) = again.reused.items()
    assert reused.trial.key == reused.record.key == key
    assert reused.candidate == BASELINE


def test_a_trial_of_another_desk_at_the_same_executor_is_passed_over(tmp_path: Path) -> None:
    executor = Scripted(loses=1)
    executor.submit(trials(1, start=9)[0], BASELINE)
    made = desk(executor, tmp_path)
    (record,) = made.records(trials(1), CANDIDATES)
    assert record.fate is Fate.SOLVED
    assert (made.measured, made.lost) == (1, 1)
