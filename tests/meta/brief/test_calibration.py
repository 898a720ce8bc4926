"""Predictions beside what was seen."""

from __future__ import annotations

import pytest

from agentlab.core.attempt import Attempt, Prediction
from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.meta.brief.calibration import calibration_of, calibration_words
from tests.meta.lab.workshop import PlainWorkshop, record


@pytest.fixture
def measured(workshop: PlainWorkshop) -> PlainWorkshop:
    """Task a gets better and b worse with the one proposal."""
    base = workshop.baseline
    made = Candidate(files={"agent.py": b"x = 1\n"})
    workshop.others.append(made)
    workshop.records = {
        base.digest: [record(base, "a", 0.0), record(base, "b", 1.0)],
        made.digest: [record(made, "a", 1.0), record(made, "b", 0.0)],
    }
    workshop.decide("coding", "x", Verdict.DISCARDED, candidate=made.digest)
    return workshop


def predict(workshop: PlainWorkshop, prediction: Prediction | None) -> None:
    workshop.attempts.append(Attempt(source="coding", number=1, prediction=prediction))


@pytest.mark.parametrize(
    ("prediction", "is_right", "seen"),
    [
        (Prediction(tasks=("a",), direction="better", size=0.5), True, 1.0),
        (Prediction(tasks=("b",), direction="better", size=0.5), False, -1.0),
        (Prediction(tasks=("b",), direction="worse", size=0.5), True, -1.0),
        (Prediction(direction="same"), True, 0.0),
        (Prediction(direction="better", size=0.1), False, 0.0),
    ],
)
def test_a_prediction_is_right_where_its_tasks_moved_that_way(
    measured: PlainWorkshop, prediction: Prediction, is_right: bool, seen: float
) -> None:
    predict(measured, prediction)

    (checked,) = calibration_of(measured, "coding").checked

    assert checked.is_right is is_right
    assert checked.seen == pytest.approx(seen)


def test_promises_that_are_too_large_show_as_bias(measured: PlainWorkshop) -> None:
    predict(measured, Prediction(direction="better", size=0.3))
    found = calibration_of(measured, "coding")

    assert found.bias == pytest.approx(0.3)
    assert found.share_right == 0.0
    words = calibration_words(found)
    assert "Of 1 predictions that were measured on train, 0 moved" in words
    assert "#1: said +0.300, seen +0.000 on 2 tasks: wrong" in words


def test_what_cannot_be_checked_is_left_out(measured: PlainWorkshop) -> None:
    predict(measured, None)
    predict(measured, Prediction(tasks=("never seen",)))

    assert calibration_of(measured, "coding").checked == ()
    assert calibration_words(calibration_of(measured, "coding")) == ""
    assert calibration_of(measured, "another").checked == ()
