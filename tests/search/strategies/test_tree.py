"""A branch that promised something is gone back to."""

from __future__ import annotations

from agentlab.core.decision import Verdict
from agentlab.search.strategies.tree import Tree
from tests.search.strategies.runs import Made, names


def parent(made: Made) -> str:
    (found,) = names(Tree().parents(made.history()))
    return found


def test_it_begins_with_the_incumbent() -> None:
    assert parent(Made()) == "baseline"


def test_a_discarded_candidate_that_gained_is_gone_back_to() -> None:
    made = Made()
    made.add("worse", success=-0.0)
    made.add("promising", success=0.5)
    assert parent(made) == "promising"


def test_progress_alone_is_a_promise() -> None:
    made = Made()
    made.add("near", progress=0.5)
    assert parent(made) == "near"


def test_nothing_is_made_of_what_gained_nothing_or_broke() -> None:
    made = Made()
    made.tell(made.baseline, success=0.5, progress=0.5)
    made.add("worse", success=0.25)
    made.add("same", success=0.5, progress=0.5)
    made.add("broken", verdict=Verdict.INVALID, stage="smoke")
    for _ in range(9):
        made.add("tried", success=0.0)
    assert parent(made) == "baseline"


def test_a_branch_that_was_tried_in_vain_gives_way_to_another() -> None:
    made = Made()
    first = made.add("first", success=0.5)
    made.add("second", success=0.25)
    assert parent(made) == "first"
    tried = 0
    while parent(made) == "first":
        made.add(f"in vain {tried}", first)
        tried += 1
        assert tried < 50
    assert tried > 1
    assert parent(made) == "second"


def test_an_earlier_incumbent_is_never_gone_back_to() -> None:
    made = Made()
    made.add("kept", success=0.5, verdict=Verdict.KEPT)
    made.add("next", success=0.75, verdict=Verdict.KEPT)
    for number in range(9):
        made.add(f"in vain {number}")
    assert parent(made) == "next"
