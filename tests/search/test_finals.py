"""The last measurement."""

from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.search.finals import measure_finals
from tests.search.test_contest import BETTER
from tests.search.wiring import BASELINE, Wiring


def test_both_are_measured_afresh_on_validation_and_on_the_test(wiring: Wiring) -> None:
    told: list[tuple[str, int, int]] = []
    finals = measure_finals(
        wiring.measuring,
        wiring.schedule,
        baseline=BASELINE,
        winner=BETTER,
        traits=wiring.traits,
        blocks=5,
        on_split=lambda *split: told.append(split),
    )
    assert told == [("validation", 120, 120), ("test", 120, 0)]
    assert finals.difference.test["success"].low > 0
    assert finals.difference.validation["success"].low > 0
    assert finals.winner.test["success"].estimate > finals.baseline.test["success"].estimate
    assert finals.solved_by_both.test["success"].estimate == 0
    wiring.desk.flush()
    assert len(wiring.journal.trials) == 2 * 2 * 12 * 5


def test_a_baseline_that_won_differs_from_itself_in_nothing(wiring: Wiring) -> None:
    told: list[tuple[str, int, int]] = []
    finals = measure_finals(
        wiring.measuring,
        wiring.schedule,
        baseline=BASELINE,
        winner=BASELINE,
        traits=wiring.traits,
        blocks=1,
        on_split=lambda *split: told.append(split),
    )
    assert told == [("validation", 12, 12), ("test", 12, 0)], "one candidate, measured once"
    assert finals.difference.test["success"] == Estimate(estimate=0, low=0, high=0)
