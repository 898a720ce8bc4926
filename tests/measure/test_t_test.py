"""Student's test: as the tables have it, and silent on too little."""

from __future__ import annotations

import numpy as np
import pytest

from agentlab.measure.t_test import is_above_zero, t_statistic


def test_the_statistic_of_values_that_are_all_alike() -> None:
    assert t_statistic(np.zeros(5)) == 0.0
    assert t_statistic(np.full(5, -0.5)) == -np.inf


@pytest.mark.parametrize(("degrees", "needed"), [(9, 2.821), (29, 2.462), (59, 2.391)])
def test_the_level_is_that_of_the_tables(degrees: int, needed: float) -> None:
    base = np.array([1.0, -1.0] * ((degrees + 1) // 2))
    error = base.std(ddof=1) / np.sqrt(base.size)
    assert is_above_zero(base + error * (needed + 0.02), alpha=0.01)
    assert not is_above_zero(base + error * (needed - 0.02), alpha=0.01)


@pytest.mark.parametrize("values", [[], [1.0], [-1.0, -1.0], [0.0, 0.0]])
def test_too_little_and_too_low_show_nothing(values: list[float]) -> None:
    assert not is_above_zero(np.array(values), alpha=0.05)
