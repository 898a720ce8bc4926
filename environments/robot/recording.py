"""What happened in an episode: one row per control step, kept as bytes and read when it is over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Recording"]

_BOX = 7
"""Where the boxes begin in the coordinates; each has a position and a quaternion."""


@dataclass(frozen=True, eq=False)
class Recording:
    """The start and every control step after it."""

    qpos: NDArray[np.float64]
    """(steps + 1, nq): arm 5, fingers 2, then 7 per box, then the button."""

    touch: NDArray[np.float64]
    """(steps + 1, sensors), newton: left finger, right finger, each box, the wall where there is
    one; the sum of what presses on each."""

    openings: NDArray[np.float64]
    """(steps + 1,): what the gripper was told, 0 closed to 1 open."""

    energy_j: float
    effort: float
    is_unstable: bool

    @classmethod
    def of(
        cls,
        rows: bytes,
        openings: Sequence[float],
        *,
        nq: int,
        energy_j: float,
        effort: float,
        is_unstable: bool,
    ) -> Recording:
        """Returns the recording of rows, each the coordinates and then the sensors."""
        table = np.frombuffer(rows).reshape(len(openings), -1)
        return cls(
            qpos=table[:, :nq],
            touch=table[:, nq:],
            openings=np.array(openings),
            energy_j=energy_j,
            effort=effort,
            is_unstable=is_unstable,
        )

    @property
    def sha256(self) -> str:
        """Digest of the trajectory, 64 hex digits: the same where the physics are the same."""
        return hashlib.sha256(self.qpos.tobytes()).hexdigest()

    def box(self, number: int) -> NDArray[np.float64]:
        """Returns where a box was: (steps + 1, 3), metres."""
        start = _BOX + 7 * number
        return self.qpos[:, start : start + 3]
