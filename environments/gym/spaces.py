"""Spaces as flat lists of numbers: how they are described, what is taken, what is given."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pydantic import JsonValue

from agentlab.errors import InputError, ToolError

__all__ = ["FlatSpace"]

Leaf = spaces.Box | spaces.Discrete | spaces.MultiDiscrete | spaces.MultiBinary
Numbers = NDArray[np.float64]


class FlatSpace:
    """A space whose values are given as one list of numbers, part after part.

    Args:
        space: `Box`, `Discrete`, `MultiDiscrete`, `MultiBinary`, or a `Dict` or `Tuple` of those.
        what: What it is called in messages.

    Raises:
        InputError: a space of another kind.
    """

    def __init__(self, space: spaces.Space[Any], what: str) -> None:
        self._space = space
        self._what = what
        names, leaves = zip(*_leaves(space, what), strict=True)
        bounds = [_bounds(leaf) for leaf in leaves]
        sizes = [low.size for low, _ in bounds]
        self._low: Numbers = np.concatenate([low for low, _ in bounds])
        self._high: Numbers = np.concatenate([high for _, high in bounds])
        self._is_whole = np.repeat([_is_whole(leaf) for leaf in leaves], sizes)
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        self._parts: dict[str, JsonValue] = {
            name: [start, start + size]
            for name, start, size in zip(names, starts, sizes, strict=True)
        }

    @property
    def size(self) -> int:
        """How many numbers a value has."""
        return int(self._low.size)

    def described(self) -> dict[str, JsonValue]:
        """Returns what an agent is told: `size, low, high, whole`, and `parts` where it has some.

        `low` and `high` are one number where it is the same for all, and None where there is none.
        `whole` says that only whole numbers are taken. `parts` gives each part's place as
        [first, end).
        """
        told: dict[str, JsonValue] = {
            "size": self.size,
            "low": _told(self._low),
            "high": _told(self._high),
            "whole": bool(self._is_whole.all()),
        }
        return {**told, "parts": self._parts} if list(self._parts) != [""] else told

    def neutral(self) -> Any:  # Any: a value of the space
        """Returns the value nearest to 0 in each number: what it is to do nothing."""
        return self._built(np.clip(np.zeros(self.size), self._low, self._high))

    def value(self, numbers: float | Sequence[float]) -> Any:  # Any: a value of the space
        """Returns the value that some numbers are; a single one may stand without a list.

        Raises:
            ToolError: `bad_shape`, `not_finite`, `not_whole` or `out_of_bounds`.
        """
        flat = np.array([numbers] if isinstance(numbers, int | float) else numbers, dtype=float)
        if flat.size != self.size:
            raise ToolError(
                "bad_shape", f"the {self._what} has {flat.size} numbers; it must have {self.size}"
            )
        self._require(np.isfinite(flat), flat, "not_finite", "it must be a finite number")
        self._require(
            ~self._is_whole | (flat == np.round(flat)), flat, "not_whole", "it must be whole"
        )
        low, high = self._low, self._high
        self._require(flat >= low, flat, "out_of_bounds", "the least is {bound:g}", low)
        self._require(flat <= high, flat, "out_of_bounds", "the most is {bound:g}", high)
        return self._built(flat)

    def numbers(self, value: Any) -> list[float]:  # Any: a value of the space
        """Returns a value's numbers; those of single precision by their shortest form."""
        return list(_numbers_of(self._space, value))

    def _require(
        self, holds: NDArray[np.bool_], flat: Numbers, kind: str, why: str, bound: Any = None
    ) -> None:
        if holds.all():
            return
        place = int(np.argmin(holds))
        reason = why if bound is None else why.format(bound=bound[place])
        raise ToolError(kind, f"{self._what}[{place}] is {flat[place]:g}; {reason}")

    def _built(self, flat: Numbers) -> Any:
        return _value_of(self._space, iter(flat.tolist()))


def _inner(space: spaces.Space[Any]) -> Mapping[str, spaces.Space[Any]] | None:
    """Returns the parts of a composed space by name; None where it is none."""
    if isinstance(space, spaces.Dict):
        return space.spaces
    if isinstance(space, spaces.Tuple):
        return {str(place): part for place, part in enumerate(space.spaces)}
    return None


def _leaves(space: spaces.Space[Any], what: str, name: str = "") -> Iterator[tuple[str, Leaf]]:
    parts = _inner(space)
    if parts is not None:
        for key, part in parts.items():
            yield from _leaves(part, what, f"{name}.{key}" if name else key)
    elif isinstance(space, Leaf):
        yield name, space
    else:
        raise InputError(
            f"environment.options.id: its {what} space {type(space).__name__} cannot be told in "
            "numbers; there are Box, Discrete, MultiDiscrete, MultiBinary, and Dict and Tuple of "
            "them: give a wrapped environment"
        )


def _bounds(leaf: Leaf) -> tuple[Numbers, Numbers]:
    if isinstance(leaf, spaces.Box):
        return leaf.low.ravel().astype(float), leaf.high.ravel().astype(float)
    if isinstance(leaf, spaces.Discrete):
        return np.array([float(leaf.start)]), np.array([float(leaf.start + leaf.n - 1)])
    if isinstance(leaf, spaces.MultiDiscrete):
        start = leaf.start.ravel().astype(float)
        return start, start + leaf.nvec.ravel().astype(float) - 1
    size = math.prod(leaf.shape)
    return np.zeros(size), np.ones(size)


def _is_whole(leaf: Leaf) -> bool:
    return not (isinstance(leaf, spaces.Box) and np.issubdtype(leaf.dtype, np.floating))


def _told(bounds: Numbers) -> JsonValue:
    told = [number if math.isfinite(number) else None for number in map(_shortest, bounds)]
    return told[0] if len(set(told)) == 1 else list(told)


def _shortest(number: float) -> float:
    """Returns a bound of single precision as it was written: 4.8, not 4.800000190734863."""
    return float(str(np.float32(number))) if np.float32(number) == number else float(number)


def _numbers_of(space: spaces.Space[Any], value: Any) -> Iterator[float]:
    parts = _inner(space)
    if parts is not None:
        for place, (key, part) in enumerate(parts.items()):
            inner = value[key] if isinstance(space, spaces.Dict) else value[place]
            yield from _numbers_of(part, inner)
        return
    array = np.asarray(value).ravel()
    if array.dtype == np.float32:
        yield from (float(str(number)) for number in array)
    else:
        yield from array.tolist()


def _value_of(space: spaces.Space[Any], numbers: Iterator[float]) -> Any:
    if isinstance(space, spaces.Dict):
        return {key: _value_of(part, numbers) for key, part in space.spaces.items()}
    if isinstance(space, spaces.Tuple):
        return tuple(_value_of(part, numbers) for part in space.spaces)
    if isinstance(space, spaces.Discrete):
        return int(next(numbers))
    shape = space.shape or ()
    flat = [next(numbers) for _ in range(math.prod(shape))]
    return np.array(flat).reshape(shape).astype(space.dtype)
