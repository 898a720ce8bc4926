"""What a kind of task is: how it is told, how long it may take, how an instance is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..instance import Instance
from ..variation import Draw

__all__ = ["Kind"]


class Kind(NamedTuple):
    """One file of this folder."""

    name: str
    instruction: str
    draw: Callable[[Draw], Instance]

    unseen: str
    """What the test split draws that the others do not, in a word or two."""
