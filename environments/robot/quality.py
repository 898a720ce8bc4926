"""How well a task was done, beyond that it was done: a rubric of three shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arm import forward
from .instance import Instance
from .judging import TOLERANCE_M, Judgement
from .model import CONTROL_S
from .recording import Recording

__all__ = ["Quality", "quality_of"]

_JERK_M_S3 = 50.0
"""Root mean square jerk of the tool at which smoothness is a half."""

_PEAK_N = 100.0
"""Force upon a box at which gentleness is a half."""


class Quality(NamedTuple):
    """Three shares, 1 is best: how smoothly, how gently, how tidily."""

    smooth: float
    """Of the tool's way: 1 / (1 + jerk / 50), jerk in m/s^3."""

    gentle: float
    """To the boxes: 1 / (1 + peak / 100), the peak contact in newton."""

    tidy: float
    """What lies where it belongs: 1 less the share of 3 cm that a box is off, the mean of all."""

    @property
    def mean(self) -> float:
        """All three alike.

        >>> Quality(1.0, 0.5, 0.75).mean
        0.75
        """
        return (self.smooth + self.gentle + self.tidy) / 3


def quality_of(instance: Instance, recording: Recording, judgement: Judgement) -> Quality:
    """Returns how well an episode was done that is over, whether it was solved or not."""
    return Quality(
        smooth=1 / (1 + _jerk(recording) / _JERK_M_S3),
        gentle=1 / (1 + judgement.peak_contact_n / _PEAK_N),
        tidy=_tidy(instance, recording),
    )


def _jerk(recording: Recording) -> float:
    """Returns the root mean square jerk of the tool, m/s^3."""
    tools = np.array([forward((a, b, c, d, e)) for a, b, c, d, e in _joints(recording)])
    jerks = np.diff(tools, n=3, axis=0) / CONTROL_S**3
    return float(np.sqrt((jerks**2).sum(axis=1).mean()))


def _joints(recording: Recording) -> list[list[float]]:
    joints: list[list[float]] = recording.qpos[:, :5].tolist()
    return joints


def _tidy(instance: Instance, recording: Recording) -> float:
    """Boxes that have no place belong where they were."""
    places = {place.box: place[1:] for place in instance.places}
    shares = []
    for number in range(len(instance.boxes)):
        way = recording.box(number)
        off = np.linalg.norm(way[-1] - np.array(places.get(number, way[0])))
        shares.append(max(0.0, 1.0 - float(off) / TOLERANCE_M))
    return sum(shares) / len(shares)
