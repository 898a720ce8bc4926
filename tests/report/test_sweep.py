from __future__ import annotations

import io

import pytest
from rich.console import Console

from agentlab.core.decision import Estimate
from agentlab.core.sweep import ColumnResult, PointResult, SweepResult
from agentlab.report.sweep import print_sweep, to_csv


def column(name: str, gain: float, lead: float | None, *, seeds: int = 3) -> ColumnResult:
    def around(value: float) -> Estimate:
        return Estimate(estimate=value, low=value - 0.1, high=value + 0.1)

    return ColumnResult(
        experiment="robot",
        column=name,
        metric="energy_j",
        seeds=seeds,
        gain=around(gain),
        lead=None if lead is None else around(lead),
        wins=3 if lead else 0,
        trials=2000.0,
        wall_s=75.0,
    )


def printed(*columns: ColumnResult, points: tuple[PointResult, ...] = ()) -> str:
    stream = io.StringIO()
    result = SweepResult(name="grid", reference="blind", columns=columns, points=points)
    print_sweep(result, Console(file=stream, width=110))
    return stream.getvalue()


def test_a_column_stands_beside_the_reference() -> None:
    out = printed(column("blind", 0.2, None), column("bank", 0.6, 0.4))
    assert "robot: better energy j on the sealed test, 3 seeds" in out
    assert "beside blind" in out
    (row,) = (line for line in out.splitlines() if line.strip().startswith("bank"))
    assert " ".join(row.split()) == (
        "bank +0.60 [+0.50, +0.70] +0.40 [+0.30, +0.50] 3, 0 2,000 +0.30 1 min 15 s"
    )


def test_one_seed_has_no_interval_and_says_so() -> None:
    out = printed(column("blind", 0.2, None, seeds=1))
    assert "[" not in out
    assert "fewer than three seeds say little" in out


def test_a_point_without_a_result_is_told_in_one_harmless_line() -> None:
    point = PointResult(
        experiment="robot", column="blind", seed=1, problem="no \x1b[31mnode\nat all"
    )
    out = printed(column("blind", 0.2, None), points=(point,))
    assert "no result: robot, blind, seed 1: no " in out
    assert "\x1b" not in out
    assert "at all" not in out


@pytest.mark.parametrize("gain", [None, Estimate(estimate=0.5, low=0.4, high=0.6)])
def test_the_table_of_points_has_a_line_for_each(gain: Estimate | None) -> None:
    point = PointResult(experiment="robot", column="a, b", seed=1, gain=gain)
    head, line = to_csv([point]).splitlines()
    assert head.endswith("gain,gain_low,gain_high")
    assert line.startswith('robot,"a, b",1,')
    assert line.endswith(",,," if gain is None else ",0.5,0.4,0.6")
