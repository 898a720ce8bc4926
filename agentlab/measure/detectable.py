"""How small an effect a design can see, and what it would take to see a smaller one."""

from __future__ import annotations

import math

import numpy as np

from agentlab.measure.pairing import FloatArray

__all__ = ["clusters_needed", "detectable_effect"]

_Z_POWER_80 = 0.8416


def detectable_effect(clusters: FloatArray, planned: int, *, alpha: float) -> float:
    """Returns the smallest mean difference seen with 80 % power, normal approximation.

    Args:
        clusters: Paired differences as measured, one per cluster.
        planned: Clusters that the design has.
        alpha: One-sided level of the test.
    """
    return (_z(alpha) + _Z_POWER_80) * _spread(clusters) / math.sqrt(planned)


def clusters_needed(clusters: FloatArray, effect: float, *, alpha: float) -> int:
    """Returns how many clusters show a mean difference with 80 % power.

    >>> clusters_needed(np.array([1.0, 0.0, -1.0, 0.0]), 0.5, alpha=0.01)
    27
    """
    return math.ceil(((_z(alpha) + _Z_POWER_80) * _spread(clusters) / effect) ** 2)


def _spread(clusters: FloatArray) -> float:
    """Returns the standard deviation, floored by what one discordant cluster would make."""
    size = max(clusters.size, 2)
    measured = float(np.std(clusters, ddof=1)) if clusters.size > 1 else 1.0
    return max(measured, 1.0 / math.sqrt(size))


def _z(alpha: float) -> float:
    """Returns the upper quantile of the normal (Abramowitz and Stegun 26.2.23, error < 4.5e-4)."""
    t = math.sqrt(-2.0 * math.log(alpha))
    return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (
        1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t**3
    )
