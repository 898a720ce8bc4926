from __future__ import annotations

from agentlab.core.decision import Estimate
from agentlab.core.sweep import PointResult
from agentlab.measure.columns import columns_of


def point(column: str, seed: int, gain: float | None, *, experiment: str = "robot") -> PointResult:
    found = None if gain is None else Estimate(estimate=gain, low=gain - 0.1, high=gain + 0.1)
    return PointResult(
        experiment=experiment, column=column, seed=seed, metric="success", gain=found, trials=500
    )


def test_columns_are_compared_seed_by_seed() -> None:
    # Luck of the seed is in both, so that it is not in the lead.
    gains = {"blind": (0.1, 0.5, 0.9), "bank": (0.3, 0.7, 1.1)}
    points = [
        point(column, seed, gain)
        for column, row in gains.items()
        for seed, gain in enumerate(row, start=1)
    ]
    blind, bank = columns_of(points, "blind")
    assert blind.lead is None
    assert bank.lead is not None
    assert bank.lead.low > 0.19
    assert (bank.wins, bank.losses, bank.seeds) == (3, 0, 3)
    assert bank.gain.low < 0 < bank.gain.high


def test_gain_per_thousand_trials() -> None:
    (column,) = columns_of([point("blind", 1, 0.2)], "blind")
    assert column.per_1000_trials == 0.4


def test_a_point_without_a_result_is_in_no_mean() -> None:
    points = [point("blind", 1, 0.2), point("bank", 1, None), point("bank", 2, 0.4)]
    _, bank = columns_of(points, "blind")
    assert (bank.seeds, bank.gain.estimate, bank.lead) == (1, 0.4, None)


def test_experiments_are_not_mixed() -> None:
    points = [point("blind", 1, 0.2), point("blind", 1, 0.6, experiment="browser")]
    assert [column.gain.estimate for column in columns_of(points, "blind")] == [0.2, 0.6]
