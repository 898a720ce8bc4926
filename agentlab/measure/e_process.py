"""Evidence that a bounded mean is above a value, valid however often one looks.

A betting martingale (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
betting", JRSS B 2024): under the null `E[x] <= 0` with `x >= -1`, the wealth
`prod(1 + bet * x_i)` of any fixed bet in [0, 1) has expectation at most 1, and so has a mixture of
bets. By Ville's inequality the chance that it ever reaches `1/alpha` is at most `alpha`. For
differences in {-1, 0, 1} it is the mixture sign test on the pairs that are not tied.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from agentlab.measure.pairing import FloatArray

__all__ = ["EProcess", "log_e_value"]

_BETS = np.linspace(0.01, 0.99, 99)


class EProcess(NamedTuple):
    """What the bets have come to; it grows with what is added, at no cost for what is known."""

    margin: float = 0.0
    """0 bets on an improvement; above 0 on non-inferiority by that margin."""

    log_wealth: FloatArray = np.zeros(_BETS.size)
    """Of each bet, shape (bets,)."""

    def after(self, improvements: FloatArray) -> EProcess:
        """Returns the process after more clusters, one value in [-1, 1] each, shape (n,)."""
        shifted = (improvements + self.margin) / (1.0 - self.margin)
        gained = np.log1p(np.outer(_BETS, shifted)).sum(axis=1)
        return self._replace(log_wealth=self.log_wealth + gained)

    @property
    def log_e(self) -> float:
        """The log of the evidence against `E[improvement] <= -margin`."""
        return _log_mean(self.log_wealth)

    def log_e_expected(self, mean: float, spread: float, more: int) -> float:
        """Returns about where the evidence would stand after more clusters of that kind.

        Args:
            mean: Of their improvements.
            spread: Their standard deviation.
            more: How many there are.
        """
        shifted = (mean + self.margin) / (1.0 - self.margin)
        square = shifted**2 + (spread / (1.0 - self.margin)) ** 2
        # The expectation of log(1 + bet * x) to its second order.
        return _log_mean(self.log_wealth + more * (_BETS * shifted - _BETS**2 * square / 2))


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
    return EProcess(margin).after(improvements).log_e


def _log_mean(log_wealth: FloatArray) -> float:
    highest = float(log_wealth.max())
    return highest + math.log(float(np.exp(log_wealth - highest).mean()))
