"""A test of one mean for a number of values that is set beforehand."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from agentlab.measure.intervals import student_t
from agentlab.measure.pairing import FloatArray

__all__ = ["is_above_zero", "t_statistic"]


def is_above_zero(values: FloatArray, *, alpha: float) -> bool:
    """Returns whether a mean of 0 or less is rejected; never with fewer than two values.

    Args:
        values: Independent of one another, shape (n,).
        alpha: Chance of rejecting what is true.
    """
    if values.size < 2:
        return False
    needed = student_t(NormalDist().inv_cdf(1 - alpha), values.size - 1)
    return t_statistic(values) >= needed


def t_statistic(values: FloatArray) -> float:
    """Returns the mean in standard errors; infinite where all values are alike and not 0.

    >>> round(t_statistic(np.array([1.0, 2.0, 3.0])), 3)
    3.464
    """
    mean, spread = float(values.mean()), float(np.std(values, ddof=1))
    if spread == 0.0:
        return math.copysign(math.inf, mean) if mean else 0.0
    return mean * math.sqrt(values.size) / spread
