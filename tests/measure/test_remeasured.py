"""The gain that decided beside the gain that is there."""

from __future__ import annotations

import math

from agentlab.core.decision import Decision, Estimate, Verdict
from agentlab.core.result import SplitScores
from agentlab.measure.remeasured import remeasured_of


def gain(value: float, half: float) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half)


def keep(number: int, **differences: Estimate) -> Decision:
    return Decision(
        number=number,
        candidate=f"c{number}",
        incumbent="i",
        source="s",
        label="l",
        verdict=Verdict.KEPT,
        stage="gate",
        reason="",
        differences=differences,
    )


FINAL = SplitScores(validation={"success": gain(0.2, 0.1)}, test={"success": gain(0.1, 0.1)})


def test_the_gains_of_all_keeps_add_up_and_their_errors_are_independent() -> None:
    kept = [keep(1, success=gain(0.25, 0.03)), keep(5, success=gain(0.125, 0.04))]
    found = remeasured_of("success", kept, FINAL, has_fresh_seeds=True)
    assert found is not None
    assert found.at_gate.estimate == 0.375
    assert math.isclose(found.at_gate.high - found.at_gate.estimate, 0.05)
    assert (found.again, found.on) == (FINAL.validation["success"], "validation")


def test_fixed_data_are_measured_again_on_the_test_alone() -> None:
    kept = [keep(1, success=gain(0.25, 0.03))]
    found = remeasured_of("success", kept, FINAL, has_fresh_seeds=False)
    assert found is not None
    assert (found.again, found.on) == (FINAL.test["success"], "test")


def test_without_a_keep_or_a_measurement_there_is_nothing_to_compare() -> None:
    kept = [keep(1, success=gain(0.25, 0.03))]
    assert remeasured_of("success", [], FINAL, has_fresh_seeds=True) is None
    assert remeasured_of("steps", kept, FINAL, has_fresh_seeds=True) is None
    assert remeasured_of("success", kept, SplitScores(), has_fresh_seeds=True) is None
