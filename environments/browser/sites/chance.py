"""All that is random in an instance of a site."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Mapping
from typing import TypeVar

__all__ = ["Chance"]

_Kind = TypeVar("_Kind")
_GOLDEN = (5**0.5 - 1) / 2


class Chance(random.Random):
    """Draws that a task and a seed decide, the kind of instance evenly over consecutive seeds.

    The kind makes more of a difference than all else that is drawn. Were it drawn as the rest is,
    a measurement would differ from another by how many of the hard ones came up.
    """

    def __init__(self, task: str, seed: int) -> None:
        super().__init__(f"{task}#{seed}")
        # A Weyl sequence: even over any stretch of seeds, whatever the shares.
        self._point = (random.Random(task).random() + seed * _GOLDEN) % 1.0

    def kind(self, shares: Mapping[_Kind, float]) -> _Kind:
        """Returns what kind of instance it is, of kinds with these shares."""
        bounds = list(itertools.accumulate(shares.values()))
        return list(shares)[bisect.bisect(bounds, self._point * bounds[-1])]
