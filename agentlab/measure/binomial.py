"""Exact chances of counts: of keeps among canaries, and what rate they speak for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from agentlab.core.decision import Estimate

__all__ = ["chance_of", "exact_interval"]

_BISECTIONS = 60


def chance_of(at_least: int, levels: Sequence[float]) -> float:
    """Returns the chance of so many events or more, of independent ones with these chances.

    With equal levels it is the upper tail of a binomial.

    >>> chance_of(2, [0.5, 0.5]), chance_of(0, [])
    (0.25, 1.0)
    """
    if at_least <= 0:
        return 1.0
    # Of 0, 1, ... events so far; all that reached the count are in the last place.
    chances = [1.0] + [0.0] * at_least
    for level in levels:
        reached = chances[-1] + chances[-2] * level
        chances = [
            chance * (1 - level) + (chances[place - 1] * level if place else 0.0)
            for place, chance in enumerate(chances)
        ]
        chances[-1] = reached
    return min(1.0, chances[-1])


def exact_interval(count: int, of: int) -> Estimate:
    """Returns the rate that a count speaks for, with its exact 95 % interval.

    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 1934: the rates under which so many, or so few, have a chance of 2.5 %.

    >>> found = exact_interval(0, 200)
    >>> found.estimate, found.low, round(found.high, 4)
    (0.0, 0.0, 0.0183)
    """
    if of == 0:
        return Estimate(estimate=0.0, low=0.0, high=1.0)
    low = 0.0 if count == 0 else _rate_at(count, of)
    high = 1.0 if count == of else 1.0 - _rate_at(of - count, of)
    return Estimate(estimate=count / of, low=low, high=high)


def _rate_at(count: int, of: int) -> float:
    """Returns the rate under which so many or more have a chance of 2.5 %."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _upper_tail(count, of, middle) < 0.025 else (low, middle)
    return (low + high) / 2


def _upper_tail(count: int, of: int, rate: float) -> float:
    """Returns the chance of so many or more, in logarithms: the coefficients are huge."""
    logs = (
        math.lgamma(of + 1)
        - math.lgamma(one + 1)
        - math.lgamma(of - one + 1)
        + one * math.log(rate)
        + (of - one) * math.log1p(-rate)
        for one in range(count, of + 1)
    )
    return math.fsum(map(math.exp, logs))
