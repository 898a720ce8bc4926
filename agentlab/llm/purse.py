"""What calls may cost, what is set aside for those in progress, and what was paid."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pydantic import Field

from agentlab.core.value import Value
from agentlab.errors import BudgetSpent

__all__ = ["Caps", "Payment", "Purse", "Spending"]


class Spending(NamedTuple):
    """What calls have cost."""

    cost_usd: float = 0.0
    """US dollars."""

    tokens: int = 0
    """Sent and answered together."""

    def plus(self, other: Spending) -> Spending:
        """Returns the sum."""
        return Spending(self.cost_usd + other.cost_usd, self.tokens + other.tokens)

    def minus(self, other: Spending) -> Spending:
        """Returns the difference."""
        return Spending(self.cost_usd - other.cost_usd, self.tokens - other.tokens)


class Caps(Value):
    """What all calls together may cost. None is no cap."""

    cost_usd: float | None = Field(default=None, ge=0)
    """US dollars."""

    tokens: int | None = Field(default=None, ge=0)
    """Sent and answered together."""


class Payment:
    """What is paid for one call out of what was set aside for it; nothing until it is said."""

    def __init__(self) -> None:
        self.paid = Spending()


class Purse:
    """Sets money and tokens aside before a call, pays after it; safe to use from several threads.

    Args:
        caps: What all calls together may cost.
        spent: What was spent before.
    """

    def __init__(self, caps: Caps, spent: Spending) -> None:
        self._caps = caps
        self._spent = spent
        self._reserved = Spending()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spending:
        """What was paid so far; what is set aside is not in it."""
        return self._spent

    @contextmanager
    def set_aside(self, wanted: Spending) -> Iterator[Payment]:
        """Sets aside the most that a call may cost, and pays at the end what was said.

        Raises:
            BudgetSpent: the call might pass a cap, so it must not be made.
        """
        self._reserve(wanted)
        payment = Payment()
        try:
            yield payment
        finally:
            with self._lock:
                self._reserved = self._reserved.minus(wanted)
                self._spent = self._spent.plus(payment.paid)

    def _reserve(self, wanted: Spending) -> None:
        with self._lock:
            least = self._spent.plus(self._reserved)
            after = least.plus(wanted)
            if self._caps.cost_usd is not None and after.cost_usd > self._caps.cost_usd:
                raise BudgetSpent(
                    f"cost_usd: {least.cost_usd:.4f} of {self._caps.cost_usd:.4f} is spent or set "
                    f"aside and the next call may cost {wanted.cost_usd:.4f}"
                )
            if self._caps.tokens is not None and after.tokens > self._caps.tokens:
                raise BudgetSpent(
                    f"tokens: {least.tokens} of {self._caps.tokens} are spent or set aside and the "
                    f"next call may take {wanted.tokens}"
                )
            self._reserved = self._reserved.plus(wanted)
