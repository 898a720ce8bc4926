"""What a seed decides: one generator per task and seed, and the ranges that it draws from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import hypot
from typing import Literal, NamedTuple

import numpy as np

from .instance import Box, Conditions, Place

__all__ = [
    "FARTHEST_M",
    "LANES",
    "NEAREST_M",
    "Draw",
    "Lane",
    "Variation",
    "generator_of",
    "on_table",
]

Variation = Literal["nominal", "all"]
"""`nominal`: the same box in the same physics, elsewhere each time. `all`: everything varies."""

NEAREST_M = 0.12
"""A place nearer to where its box starts is drawn again: who does nothing must solve nothing."""

FARTHEST_M = 0.25
"""From the middle of the table to its sides, where anything is put."""

_NEAR_M, _FAR_M = 0.32, 0.60
_TURN_RAD = 0.6


class Lane(NamedTuple):
    """A part of the table in which the first box starts."""

    name: str
    side: int
    """1 is left, -1 right of the robot."""

    x: tuple[float, float]


_BANDS = {
    "nearest": (0.32, 0.376),
    "near": (0.376, 0.432),
    "middle": (0.432, 0.488),
    "far": (0.488, 0.544),
    "farthest": (0.544, 0.60),
}
LANES = tuple(
    Lane(f"{where}-{band}", side, x)
    for where, side in (("left", 1), ("right", -1))
    for band, x in _BANDS.items()
)


def generator_of(task: str, seed: int) -> np.random.Generator:
    """Returns the generator of one episode; a task's name holds its split's family."""
    digest = hashlib.sha256(f"{task}/{seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


class Draw:
    """Draws the parts of an instance."""

    def __init__(
        self,
        generator: np.random.Generator,
        *,
        variation: Variation,
        lane: Lane,
        is_unseen: bool,
    ) -> None:
        self.lane = lane
        self.is_unseen = is_unseen
        """Whether to draw from the task's family that only the test split has."""

        self._generator = generator
        self._is_varied = variation == "all"

    def uniform(self, low: float, high: float) -> float:
        """Returns a number between two."""
        return float(self._generator.uniform(low, high))

    def varied(self, nominal: float, low: float, high: float) -> float:
        """Returns the nominal number, or one between two where everything varies."""
        return self.uniform(low, high) if self._is_varied else nominal

    def start(self, side: int | None = None, *, beyond_m: float = 0.04) -> tuple[float, float]:
        """Returns a point of the lane, or of the whole of a side."""
        x = self.lane.x if side is None else (_NEAR_M, _FAR_M)
        y = (self.lane.side if side is None else side) * self.uniform(beyond_m, FARTHEST_M)
        return self.uniform(*x), y

    def anywhere(self) -> tuple[float, float]:
        """Returns a point of the table within the arm's reach."""
        return self.uniform(_NEAR_M, _FAR_M), self.uniform(-FARTHEST_M, FARTHEST_M)

    def apart(
        self, taken: Sequence[tuple[float, float]], *, least_m: float = NEAREST_M
    ) -> tuple[float, float]:
        """Returns a point that is not near any of those taken."""
        while True:
            x, y = self.anywhere()
            if all(hypot(x - a, y - b) > least_m for a, b in taken):
                return x, y

    def box(
        self,
        at: tuple[float, float],
        *,
        mass_kg: float | None = None,
        friction: float | None = None,
        half_m: float | None = None,
    ) -> Box:
        """Returns a box that stands on the table; what is not given is drawn."""
        half = self.varied(0.025, 0.015, 0.04) if half_m is None else half_m
        return Box(
            *at,
            half,
            yaw=self.uniform(-_TURN_RAD, _TURN_RAD),
            half_m=half,
            mass_kg=self.varied(0.2, 0.05, 1.0) if mass_kg is None else mass_kg,
            friction=self.varied(0.8, 0.2, 1.2) if friction is None else friction,
        )

    def conditions(
        self, *, noise_m: float | None = None, delay_steps: int | None = None
    ) -> Conditions:
        """Returns noise, delay and gain; what is not given is drawn."""
        if delay_steps is None:
            delay_steps = int(self._generator.integers(0, 4)) if self._is_varied else 0
        return Conditions(
            noise_m=self.varied(0.0, 0.0, 0.008) if noise_m is None else noise_m,
            delay_steps=delay_steps,
            gain=self.varied(1.0, 0.8, 1.2),
        )

    def noise_seed(self) -> int:
        """Returns what the noise of an episode is drawn from."""
        return int(self._generator.integers(2**32))


def on_table(number: int, box: Box, at: tuple[float, float]) -> Place:
    """Returns the place of a box that is to stand on the table."""
    return Place(number, *at, box.half_m)
