"""Where to try next: an evolution strategy on many numbers of which few may matter.

A `(1 + lambda)` strategy on the magnitudes of numbers. How many of them a proposal moves is drawn
from a power law, so that most proposals move few and some move all: "Fast Genetic Algorithms"
(Doerr, Le, Makhmara, Nguyen; GECCO 2017). Each number has a step of its own, which grows when a
proposal that moved it was better and shrinks a quarter as fast when it was not: the one-fifth rule
(Rechenberg, "Evolutionsstrategie", 1973).

Nothing is remembered between calls: the steps are worked out again from what was told.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Number", "Numbers", "Told", "moved", "proposals"]

Number = int | float
Numbers = Mapping[str, Number]
"""Values by the key of their place; an integer stays an integer."""

_FIRST_STEP = 1.0
_SMALLEST_STEP, _LARGEST_STEP = 0.05, 3.0
"""Standard deviations of a move, in doublings."""

_GROWTH = 1.5
_LARGEST = 1e12


class Told(NamedTuple):
    """What became of a proposal."""

    parent: str
    """Names what it was made from."""

    before: Numbers
    """The parent's numbers."""

    numbers: Numbers
    value: float
    """How much better than the parent it was; higher is better."""


def proposals(
    parent: str, numbers: Numbers, told: Sequence[Told], generator: random.Random
) -> Iterator[dict[str, Number]]:
    """Yields settings of a parent's numbers without end; each differs from the best one known.

    Args:
        parent: Names what they are made from.
        numbers: Those of the parent that may be moved, at least one.
        told: Earlier proposals in their order, those made from other parents included.
        generator: Source of all randomness.
    """
    best, steps = _learnt(parent, told)
    centre = {key: best.get(key, value) for key, value in numbers.items()}
    keys = sorted(numbers)
    sizes = range(1, len(keys) + 1)
    weights = [1 / size for size in sizes]
    while True:
        (size,) = generator.choices(sizes, weights)
        changed = {
            key: moved(centre[key], generator.gauss(0, steps.get(key, _FIRST_STEP)), generator)
            for key in generator.sample(keys, size)
        }
        yield {**centre, **changed}


def moved(value: Number, doublings: float, generator: random.Random) -> Number:
    """Returns a number of another magnitude and the same sign, never the same number.

    A zero has no magnitude: it becomes anything between a hundredth and ten, of either sign.

    >>> moved(100, -1.0, random.Random(1))
    50
    >>> moved(3, 0.01, random.Random(1))
    4
    >>> moved(-0.5, 1.0, random.Random(1))
    -1.0
    """
    if isinstance(value, int):
        size = min(max(1, round(max(abs(value), 1) * 2**doublings)), int(_LARGEST))
        if size == abs(value):
            size += 1 if doublings > 0 or size == 1 else -1
        return -size if value < 0 else size
    if not value:
        return float(f"{generator.choice((-1, 1)) * 10 ** generator.uniform(-2, 1):.3g}")
    magnitude = min(abs(value) * 2**doublings, _LARGEST)
    return math.copysign(float(f"{magnitude:.4g}"), value)


def _learnt(parent: str, told: Sequence[Told]) -> tuple[Numbers, dict[str, float]]:
    """Returns the best setting known that was made from a parent, and the step of each number."""
    steps: dict[str, float] = {}
    current, best, highest = "", _NOTHING, 0.0
    for one in told:
        if one.parent != current:
            current, best, highest = one.parent, one.before, 0.0
        is_better = one.value > highest
        keys = [key for key, value in one.numbers.items() if best.get(key, value) != value]
        for key in keys:
            # What moves together is told together: each has its part of it.
            change = (1.0 if is_better else -0.25) / math.sqrt(len(keys))
            step = steps.get(key, _FIRST_STEP) * _GROWTH**change
            steps[key] = min(max(step, _SMALLEST_STEP), _LARGEST_STEP)
        if is_better:
            best, highest = one.numbers, one.value
    return (best if current == parent else _NOTHING), steps


_NOTHING: Numbers = {}
