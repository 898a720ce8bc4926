"""Evidence that a bounded mean is above a value, valid however often one looks.

A betting martingale (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
betting", JRSS B 2024): under the null `E[x] <= 0` with `x >= -1`, the wealth
`prod(1 + bet * x_i)` of any fixed bet in [0, 1) has expectation at most 1, and so has a mixture of
bets. By Ville's inequality the chance that it ever reaches `1/alpha` is at most `alpha`. For
differences in {-1, 0, 1} it is the mixture sign test on the pairs that are not tied.
"""

from __future__ import annotations

import math

import numpy as np

from agentlab.measure.pairing import FloatArray

__all__ = ["log_e_value"]

_BETS = np.linspace(0.01, 0.99, 99)


def log_e_value(improvements: FloatArray, *, margin: float = 0.0) -> float:
    """Returns the log of the evidence against `E[improvement] <= -margin`.

    Args:
        improvements: One value in [-1, 1] per independent cluster, shape (n,).
        margin: 0 tests for an improvement; above 0 tests for non-inferiority by that margin.

    Returns:
        A natural logarithm; `log(1 / alpha)` or more rejects the null at level alpha at any time.

    >>> round(math.exp(log_e_value(np.ones(10))), 1)
    182.8
    >>> log_e_value(np.zeros(5))
    0.0
    """
    shifted = (improvements + margin) / (1.0 - margin)
    wealth = np.log1p(np.outer(_BETS, shifted)).sum(axis=1)
    highest = float(wealth.max())
    return highest + math.log(float(np.exp(wealth - highest).mean()))
