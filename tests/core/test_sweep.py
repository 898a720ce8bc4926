from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.sweep import ColumnResult


def test_what_a_thousand_trials_bought() -> None:
    column = ColumnResult(
        experiment="robot",
        column="bank",
        metric="success",
        seeds=3,
        gain=Estimate(estimate=0.3, low=0.2, high=0.4),
        trials=1500,
        wall_s=60,
    )
    assert column.per_1000_trials == 0.2
