"""What a run says while it goes on, by a clock that the test turns."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agentlab.core.decision import Decision, Verdict
from agentlab.core.progress import Progress
from agentlab.experiment.teller import Teller
from tests.experiment.noisy_run import noisy_experiment


class Hearing:
    def __init__(self) -> None:
        self.heard: list[Progress] = []
        self.notes: list[str] = []
        self.decisions: list[Decision] = []

    def progress(self, progress: Progress) -> None:
        self.heard.append(progress)

    def note(self, message: str) -> None:
        self.notes.append(message)

    def decided(self, decision: Decision) -> None:
        self.decisions.append(decision)


class Told:
    """A teller of a run that began 100 s ago in another session."""

    def __init__(self) -> None:
        self.now = 50.0
        self.hearing = Hearing()
        self.teller = Teller(
            noisy_experiment(), self.hearing, before_s=100.0, clock=lambda: self.now
        )

    def tick(self, measured: int) -> None:
        desk: Any = SimpleNamespace(measured=measured)
        self.teller.tick(desk)


@pytest.fixture
def told() -> Told:
    return Told()


def decision(number: int, verdict: Verdict, canary: Verdict | None = None) -> Decision:
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent="p",
        source="mutation",
        label="one",
        verdict=verdict,
        stage="gate",
        reason="so",
        canary=canary,
    )


def test_seconds_of_interrupted_sessions_count(told: Told) -> None:
    told.now += 7
    assert told.teller.elapsed_s() == 107


def test_the_rate_is_assumed_until_enough_was_measured(told: Told) -> None:
    told.now += 10
    few: Any = SimpleNamespace(measured=19)
    many: Any = SimpleNamespace(measured=40)
    assert told.teller.rate(few) == 5.0
    assert told.teller.rate(many) == 4.0


def test_it_is_told_four_times_a_second_at_most(told: Told) -> None:
    told.teller.phase("search", "")
    for _ in range(10):
        told.now += 0.1
        told.tick(30)
    assert len(told.hearing.heard) == 1 + 3


def test_the_end_is_told_by_the_trials_that_are_left(told: Told) -> None:
    told.teller.final("test", trials=40, after=10)
    told.now += 10
    told.tick(20)
    last = told.hearing.heard[-1]
    assert (last.phase, last.planned, last.done) == ("test", 40, 20)
    assert last.left_s == (40 + 10 - 20) / 2
    told.now += 1
    told.tick(90)
    assert told.hearing.heard[-1].done == 40, "trials of the search may still come in"


def test_what_is_kept_is_counted_and_a_false_keep_is_noted(told: Told) -> None:
    told.teller.decided(decision(1, Verdict.KEPT))
    told.teller.decided(decision(2, Verdict.DISCARDED, canary=Verdict.KEPT))
    told.teller.phase("search", "")
    assert told.hearing.heard[-1].kept == 1
    assert [one.number for one in told.hearing.decisions] == [1, 2]
    (note,) = told.hearing.notes
    assert "would have kept canary #2" in note
