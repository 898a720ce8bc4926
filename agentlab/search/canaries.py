"""When a run sends a canary through its gate."""

from __future__ import annotations

import math

__all__ = ["is_canary_batch"]


def is_canary_batch(number: int, *, share: float) -> bool:
    """Returns whether a batch is a canary alone: evenly spread, a function of the number.

    Args:
        number: Of the batch, from 1.
        share: Of all batches, in [0, 1).

    >>> [number for number in range(1, 13) if is_canary_batch(number, share=0.25)]
    [4, 8, 12]
    """
    return math.floor(number * share) > math.floor((number - 1) * share)
