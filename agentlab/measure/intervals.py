"""95 % intervals of a mean over independent clusters."""

from __future__ import annotations

import math

import numpy as np

from agentlab.core.decision import Estimate
from agentlab.measure.pairing import FloatArray

__all__ = [
    "mean_interval",
    "paired_share_interval",
    "ratio_interval",
    "share_interval",
    "student_t",
]

_Z_975 = 1.959963985


def mean_interval(clusters: FloatArray) -> Estimate:
    """Returns the mean with Student's t interval; one cluster alone has none.

    >>> mean_interval(np.array([1.0, 2.0, 3.0])).estimate
    2.0
    """
    return _interval(clusters, float(clusters.mean()))


def share_interval(clusters: FloatArray) -> Estimate:
    """Returns the interval of a mean of values in [0, 1].

    Two pseudo-observations at each end (Agresti and Coull, "Approximate is better than 'exact'",
    The American Statistician 1998) keep it honest where all clusters agree.

    >>> interval = share_interval(np.ones(60))
    >>> interval.estimate, round(interval.low, 2), interval.high
    (1.0, 0.92, 1.0)
    """
    padded = np.concatenate([clusters, [0.0, 0.0, 1.0, 1.0]])
    return _interval(padded, float(clusters.mean()), low=0.0, high=1.0)


def paired_share_interval(clusters: FloatArray) -> Estimate:
    """Returns the interval of a mean difference of values in [0, 1], so in [-1, 1].

    Half a pseudo-pair in each cell of the paired table (Agresti and Min, "Simple improved
    confidence intervals for comparing matched proportions", Statistics in Medicine 2005).

    >>> interval = paired_share_interval(np.zeros(60))
    >>> interval.estimate, round(interval.low, 3), round(interval.high, 3)
    (0.0, -0.033, 0.033)
    """
    weights = np.concatenate([np.ones(clusters.size), [0.5, 0.5, 1.0]])
    padded = np.concatenate([clusters, [-1.0, 1.0, 0.0]])
    return _interval(padded, float(clusters.mean()), weights=weights, low=-1.0, high=1.0)


def ratio_interval(numerators: FloatArray, denominators: FloatArray) -> Estimate | None:
    """Returns sum over sum with a delta-method interval, or None where the denominator is 0.

    The interval is one of the logarithm: what a solved task costs is never less than nothing.

    Args:
        numerators: One total per cluster, 0 or more, shape (n,).
        denominators: One total per cluster, 0 or more, shape (n,).
    """
    total = float(denominators.sum())
    if total == 0.0:
        return None
    ratio = float(numerators.sum()) / total
    if ratio == 0.0:
        return Estimate(estimate=0, low=0, high=0)
    relative = (numerators / ratio - denominators) * (denominators.size / total)
    logarithm = _interval(relative, 0.0)
    return Estimate(
        estimate=ratio, low=ratio * math.exp(logarithm.low), high=ratio * math.exp(logarithm.high)
    )


def _interval(
    values: FloatArray,
    estimate: float,
    *,
    weights: FloatArray | None = None,
    low: float = -math.inf,
    high: float = math.inf,
) -> Estimate:
    weights = np.ones(values.size) if weights is None else weights
    size = float(weights.sum())
    centre = float(np.average(values, weights=weights))
    if size <= 1:
        return Estimate(estimate=estimate, low=estimate, high=estimate)
    variance = float(np.average((values - centre) ** 2, weights=weights)) * size / (size - 1)
    half = student_t(_Z_975, size - 1) * math.sqrt(variance / size)
    return Estimate(
        estimate=estimate,
        low=max(low, min(centre - half, estimate)),
        high=min(high, max(centre + half, estimate)),
    )


def student_t(z: float, degrees: float) -> float:
    """Returns the quantile of Student's t at the probability that a normal has at z.

    Its Cornish-Fisher expansion, Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5;
    at 97.5 % it is right to 1 % from 3 degrees on.

    >>> round(student_t(1.959963985, 30), 3), round(student_t(1.959963985, 1000), 3)
    (2.042, 1.962)
    """
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))
