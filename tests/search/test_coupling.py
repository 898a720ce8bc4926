"""The test after a round: what it compares, what it costs, and when there is nothing to test."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.rounds import Coupling
from agentlab.search.budget import Budget
from tests.search.two_parts import ADDITIVE, TRAP, Asked, TwoParts, Worth, rounds_like

ONE_BY_ONE: tuple[dict[str, object], ...] = ({"open": ["ranking"]}, {"open": ["prompt"]})
TOGETHER: tuple[dict[str, object], ...] = (
    {"open": ["ranking"]},
    {"open": ["prompt"], "earlier": "open"},
)
FAILURES = [{"prompt": f"dud {number}"} for number in range(5)]
IDEAS = ({"rank": "tuned"}, *FAILURES, {"prompt": "sharp"})


def coupling_of(
    worth: Worth,
    folder: Path,
    *rounds: dict[str, object],
    ideas: tuple[dict[str, str], ...] = IDEAS,
    rule: object = "paired",
    budget: Budget | None = None,
) -> Coupling | None:
    run = TwoParts(worth, folder)
    made = rounds_like(*(rounds or ONE_BY_ONE), rule=rule)
    ended = run.run(Asked(*ideas), made, budget=budget or Budget(candidates=30))
    found = ended.results[-1].coupling
    assert found == run.journal.couplings.get(len(made)), "it is in the journal"
    return found


def test_a_round_that_found_nothing_is_told_why(tmp_path: Path) -> None:
    found = coupling_of(TRAP, tmp_path)
    assert found is not None
    assert (found.finding, found.is_kept, found.is_joint) == ("coupled", False, False)
    assert (found.earlier, found.later) == (("ranking",), ("prompt",))
    assert "sharp" in found.label, "of six failures it found the one that was no failure before"
    assert found.corners is not None
    corners = found.corners
    assert corners.later.estimate > corners.neither.estimate
    assert corners.both.estimate < corners.earlier.estimate


def test_failures_that_help_nowhere_are_not_blamed_on_the_ranking(tmp_path: Path) -> None:
    ideas = ({"rank": "tuned"}, *FAILURES)
    found = coupling_of(TRAP, tmp_path, ideas=ideas)
    assert found is not None
    assert (found.finding, found.proposal, found.corners) == ("undecided", None, None)
    assert found.reason == (
        "of 5 changes that were not kept, none looked better on train tasks with ranking as it came"
    )


def test_what_a_round_kept_is_compared_with_each_change_alone(tmp_path: Path) -> None:
    found = coupling_of(ADDITIVE, tmp_path)
    assert found is not None
    assert found.is_kept
    assert found.finding != "coupled"
    assert found.corners is not None
    by_hand = (0.2, 0.5, 0.55, 0.85)
    corners = found.corners
    measured = (corners.neither, corners.earlier, corners.later, corners.both)
    for estimate, truth in zip(measured, by_hand, strict=True):
        assert estimate.estimate == pytest.approx(truth, abs=0.13)


def test_after_a_joint_round_what_it_kept_is_tested_too(tmp_path: Path) -> None:
    ideas = (*IDEAS, {"rank": "other", "prompt": "sharp"})
    found = coupling_of(TRAP, tmp_path, *TOGETHER, ideas=ideas)
    assert found is not None
    assert (found.finding, found.is_joint, found.is_kept) == ("coupled", True, True)
    assert found.interaction is not None
    assert found.interaction.low > 0


def test_a_combination_that_is_proposed_later_is_the_proposers_own(tmp_path: Path) -> None:
    run = TwoParts(TRAP, tmp_path)
    rounds = rounds_like(*ONE_BY_ONE, {"open": ["ranking", "prompt"]})
    undone = {"rank": "plain", "prompt": "sharp"}
    ended = run.run(Asked(*IDEAS, undone), rounds, budget=Budget(candidates=30))
    assert ended.results[1].coupling is not None
    again = next(one for one in ended.found.decisions if one.label == str(undone))
    assert (again.round, again.source, again.verdict) == (3, "asked", "kept")


def test_its_trials_are_charged_to_the_budget_and_known_ones_are_not_paid_twice(
    tmp_path: Path,
) -> None:
    run = TwoParts(TRAP, tmp_path)
    ended = run.run(Asked(*IDEAS), rounds_like(*ONE_BY_ONE), budget=Budget(candidates=30))
    found = ended.results[-1].coupling
    assert found is not None
    spent = sum(one.trials for one in ended.results) + found.trials
    assert run.spending.trials == spent
    # Six failures on a block without the ranking, and that alone; then at most four of them more.
    screening = found.trials - 4 * 20 * found.looks
    assert 7 * 20 <= screening <= 7 * 20 + 2 * (4 + 1 + 4 + 1) * 20


def test_it_stops_where_a_cap_is_reached(tmp_path: Path) -> None:
    ample = coupling_of(TRAP, tmp_path / "ample", rule={"name": "paired", "max_blocks": 20})
    scant = coupling_of(TRAP, tmp_path / "scant", budget=Budget(trials=700))
    assert ample is not None
    assert scant is not None
    assert (scant.looks, scant.finding) == (1, "undecided")
    assert ample.looks > 1


@pytest.mark.parametrize(
    "rounds",
    [
        ({"open": ["ranking"]},),
        ({"open": ["ranking", "prompt"]},),
        ({"open": ["ranking"]}, {"open": ["prompt"], "coupling_blocks": 0}),
    ],
)
def test_where_nothing_was_changed_before_or_none_is_wanted_there_is_no_test(
    tmp_path: Path, rounds: tuple[dict[str, object], ...]
) -> None:
    assert coupling_of(TRAP, tmp_path, *rounds) is None


def test_if_the_first_round_changed_nothing_there_is_no_test(tmp_path: Path) -> None:
    assert coupling_of(TRAP, tmp_path, ideas=({"rank": "worse"}, {"prompt": "dud"})) is None


def test_a_rule_that_is_no_test_makes_none(tmp_path: Path) -> None:
    assert coupling_of(TRAP, tmp_path, rule="greedy") is None
