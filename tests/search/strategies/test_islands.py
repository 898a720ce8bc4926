"""Subpopulations that grow apart."""

from __future__ import annotations

from agentlab.core.decision import Verdict
from agentlab.search.strategies.islands import Islands
from tests.search.strategies.runs import Made, names


def parent(made: Made) -> str:
    (found,) = names(Islands().parents(made.history()))
    return found


def test_each_island_begins_with_the_incumbent_and_goes_on_from_its_own_best() -> None:
    made = Made()
    seen = []
    for success in (0.25, 0.75, 0.5, 0.0, 0.0, 0.0):
        seen.append(parent(made))
        made.add(f"of {success}" if success else f"in vain {len(seen)}", success=success)
    assert seen == ["baseline", "baseline", "baseline", "of 0.25", "of 0.75", "of 0.5"]


def test_now_and_then_an_island_takes_over_what_its_neighbour_has() -> None:
    made = Made()
    made.add("here", success=0.25)
    made.add("there", success=0.5)
    made.add("far", success=0.75)
    of_first = []
    for number in range(3, 12):
        if number % 3 == 0:
            of_first.append(parent(made))
        made.add(f"in vain {number}")
    assert of_first == ["here", "here", "far"]


def test_who_has_only_what_was_the_incumbent_goes_on_from_the_incumbent() -> None:
    made = Made()
    made.add("kept", success=0.5, verdict=Verdict.KEPT)
    made.add("next", success=0.75, verdict=Verdict.KEPT)
    made.add("in vain")
    assert parent(made) == "next", "its own is 'kept', an incumbent of the past"


def test_another_island_stays_apart_from_a_keep() -> None:
    made = Made()
    made.add("apart", success=0.25)
    made.add("kept", success=0.5, verdict=Verdict.KEPT)
    made.add("in vain")
    assert parent(made) == "apart"
