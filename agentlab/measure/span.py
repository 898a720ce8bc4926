"""Between what the values of a metric lie: known of a share, else judged by what was seen.

A mean without any bound cannot be tested, whatever the number of trials: a value that never came
may be as large as it likes (Bahadur and Savage, "The nonexistence of certain statistical procedures
in nonparametric problems", Annals of Mathematical Statistics 1956). So a value is taken to be at
most twice as large as the largest that was seen of either candidate.
"""

from __future__ import annotations

from collections.abc import Iterable

from agentlab.core.trial import TrialRecord
from agentlab.measure.metrics import readings

__all__ = ["Span"]

_SHARES = ("success", "progress")
_FAR = 2.0
"""So many times the largest value that was seen is the largest that there may be."""


class Span:
    """Grows with what is seen of a metric."""

    def __init__(self, metric: str, *, at_least: float = 0.0) -> None:
        """Starts with nothing seen.

        Args:
            metric: Whose values.
            at_least: A size that is taken for seen.
        """
        self._metric = metric
        self._is_share = metric in _SHARES
        self._largest = abs(at_least)
        self._has_negative = at_least < 0

    def add(self, records: Iterable[TrialRecord]) -> None:
        """Looks at the values of more records."""
        if self._is_share:
            return
        for record in records:
            for reading in readings(record, self._metric):
                self._largest = max(self._largest, abs(reading.value))
                self._has_negative |= reading.value < 0

    @property
    def low(self) -> float:
        """The least that a value may be; 0 where none was negative."""
        return -_FAR * self._largest if self._has_negative else 0.0

    @property
    def high(self) -> float:
        """The most that a value may be."""
        return 1.0 if self._is_share else _FAR * self._largest
