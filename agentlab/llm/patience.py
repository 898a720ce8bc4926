"""How long a model is waited for, how often it is asked again, and when it is given up."""

from __future__ import annotations

import random

from pydantic import ConfigDict, Field

from agentlab.core.value import Value

__all__ = ["Patience"]


class Patience(Value):
    """What is done about a model that is slow, busy or broken.

    A question is asked again after an overload (429), an error of the server (408, 5xx), a time-out
    or a lost connection alone: whatever else fails would fail again.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    deadline_s: float = Field(default=300.0, gt=0)
    """Seconds for one question in all, its tries and the waits between them included."""

    attempts: int = Field(default=5, ge=1)
    """Most tries of one question."""

    first_wait_s: float = Field(default=0.5, ge=0)
    """Wait after the first failure, seconds; it doubles with each further one in a row."""

    longest_wait_s: float = Field(default=30.0, ge=0)
    """Longest wait of our own choice, seconds; a server may ask for more."""

    failures_in_a_row: int = Field(default=10, ge=1)
    """Calls that may fail one after another, whatever was asked, before nothing is asked any
    more."""

    def wait_s(self, failures: int, retry_after_s: float | None, draw: random.Random) -> float:
        """Returns the seconds in which nobody asks the model, after a failure.

        Half of the wait is chance, so that several gateways do not come back at one moment.

        Args:
            failures: In a row until now, from 1.
            retry_after_s: What the server asked for; it is never asked earlier.
            draw: The chance.
        """
        own: float = min(self.longest_wait_s, self.first_wait_s * 2.0 ** (failures - 1))
        if retry_after_s is None:
            return own * draw.uniform(0.5, 1)
        return retry_after_s + min(own, retry_after_s) * draw.uniform(0, 0.1)
