"""How far candidates got."""

from __future__ import annotations

from agentlab.core.decision import Verdict
from agentlab.search.strategies.history import main_line, measured, values
from tests.search.strategies.runs import Made


def test_values_add_up_along_the_incumbents() -> None:
    made = Made()
    kept = made.add("kept", success=0.5, progress=0.5, verdict=Verdict.KEPT)
    later = made.add("later", success=0.75, progress=0.5)
    worse = made.add("worse", success=0.0, progress=0.0)
    found = values(made.history())
    assert found == {
        made.baseline.digest: 0.0,
        kept.digest: 1.0,
        later.digest: 1.25,
        worse.digest: 0.0,
    }


def test_a_stepping_stone_is_worth_its_progress() -> None:
    made = Made()
    near = made.add("near", progress=0.3)
    assert values(made.history())[near.digest] == 0.3


def test_what_broke_was_never_compared() -> None:
    made = Made()
    made.add("broken", verdict=Verdict.INVALID, stage="smoke")
    made.add("met a keep", verdict=Verdict.UNDECIDED, stage="static")
    assert measured(made.history()) == []


def test_the_main_line_is_all_that_was_the_incumbent() -> None:
    made = Made()
    kept = made.add("kept", verdict=Verdict.KEPT)
    made.add("not")
    assert main_line(made.history()) == {made.baseline.digest, kept.digest}
