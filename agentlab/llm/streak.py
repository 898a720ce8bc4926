"""How often a model failed in a row; one that is down is not asked on and on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from agentlab.errors import InfraError, InputError, ModelDown, ModelFailure
from agentlab.llm.patience import Patience

__all__ = ["Streak"]


class Streak:
    """Lets calls through until too many failed one after another; safe to use from many threads.

    While nothing fails any number may be in progress. After a failure everybody waits, and then one
    call at a time is let through until one is answered: a server that is overloaded is not asked by
    all who were refused, and one that is down is not asked oftener than the limit.
    """

    def __init__(self, patience: Patience, draw: random.Random | None = None) -> None:
        self._patience = patience
        # Spreads those who wait; decides nothing that a run remembers.
        self._draw = draw or random.Random()
        self._failures = 0
        self._in_progress = 0
        self._resume_at = 0.0
        self._last = ""
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Waits until a call may be made, and counts how it ends by what the block raises.

        Args:
            deadline: When it must have begun, by `time.monotonic`.

        Raises:
            ModelDown: too many failed in a row, or the wait after the last one is longer than the
                deadline; it says how the last one failed.
            TimeoutError: the calls of others did not end before the deadline.
        """
        self._begin(deadline)
        try:
            yield
        except ModelFailure as failure:
            self._end(None if failure.is_refusal else failure)
            raise
        except InfraError as failure:
            self._end(failure)
            raise
        except InputError:
            self._end(None)
            raise
        except BaseException:
            with self._changed:
                self._in_progress -= 1
                self._changed.notify_all()
            raise
        self._end(None)

    def _begin(self, deadline: float) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                if self._failures:
                    self._raise_if_down(now, deadline)
                wait_s = self._resume_at - now
                if wait_s <= 0 and not (self._failures and self._in_progress):
                    self._in_progress += 1
                    return
                if now >= deadline:
                    raise TimeoutError
                self._changed.wait(wait_s if wait_s > 0 else deadline - now)

    def _raise_if_down(self, now: float, deadline: float) -> None:
        if self._failures >= self._patience.failures_in_a_row:
            raise ModelDown(
                f"{self._last}; {self._failures} calls failed in a row, so it is not asked again"
            )
        if self._resume_at >= deadline:
            raise ModelDown(
                f"{self._last}; it may not be asked again for {self._resume_at - now:.0f} s, "
                f"longer than a question may take ({self._patience.deadline_s:g} s)"
            )

    def _end(self, failure: InfraError | None) -> None:
        with self._changed:
            self._in_progress -= 1
            if failure is None:
                self._failures, self._resume_at = 0, 0.0
            else:
                self._failures += 1
                self._last = str(failure)
                asked = failure.retry_after_s if isinstance(failure, ModelFailure) else None
                wait_s = self._patience.wait_s(self._failures, asked, self._draw)
                self._resume_at = max(self._resume_at, time.monotonic() + wait_s)
            self._changed.notify_all()
