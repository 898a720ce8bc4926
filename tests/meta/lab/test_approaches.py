"""An approach that failed three times is closed; what was not its fault does not count."""

from __future__ import annotations

import pytest

from agentlab.core.attempt import Attempt
from agentlab.core.decision import Cause, Decision, Verdict
from agentlab.meta.lab.approaches import closed_approaches
from tests.meta.lab.workshop import PlainWorkshop


def decide(workshop: PlainWorkshop, approach: str, verdict: Verdict, cause: Cause | None) -> None:
    number = len(workshop.decisions) + 1
    workshop.attempts.append(Attempt(source="coding", number=number, approach=approach))
    workshop.decisions.append(
        Decision(
            number=number,
            candidate="c",
            incumbent="i",
            source="coding",
            label="",
            verdict=verdict,
            stage="halving",
            reason="",
            cause=cause,
        )
    )


def test_three_failures_close_an_approach_however_it_is_written(workshop: PlainWorkshop) -> None:
    for approach in ("Retry loop", "retry-loop", " RETRY  loop"):
        assert closed_approaches(workshop) == []
        decide(workshop, approach, Verdict.DISCARDED, "no better")

    assert closed_approaches(workshop) == ["retry loop"]


def test_a_keep_opens_it_again(workshop: PlainWorkshop) -> None:
    for _ in range(3):
        decide(workshop, "retry", Verdict.DISCARDED, "no better")
    decide(workshop, "retry", Verdict.KEPT, None)

    assert closed_approaches(workshop) == []


@pytest.mark.parametrize("cause", ["our side", "conflict", "sibling", "nothing new"])
def test_what_says_nothing_of_the_idea_does_not_count(
    workshop: PlainWorkshop, cause: Cause
) -> None:
    for _ in range(5):
        decide(workshop, "retry", Verdict.UNDECIDED, cause)

    assert closed_approaches(workshop) == []


def test_proposals_without_an_approach_close_nothing(workshop: PlainWorkshop) -> None:
    for _ in range(5):
        decide(workshop, "", Verdict.DISCARDED, "no better")

    assert closed_approaches(workshop) == []
