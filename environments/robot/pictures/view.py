"""Where a picture is taken from: one camera for all ways of drawing."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "View", "axes_of", "fitted", "projected"]

Floats = NDArray[np.float64]

_FIELD_OF_VIEW = 38.0
_AZIMUTH, _ELEVATION = 130.0, -27.0
_MARGIN = 0.92
"""Share of the picture that what matters may fill."""


_NEAREST_M = 0.05
"""From the eye to what is nearest, at least."""


class View(NamedTuple):
    """A camera that looks at a point, as MuJoCo's free camera does."""

    target: tuple[float, float, float]
    """What is in the middle of the picture, metres."""

    distance: float
    """From the target, metres."""

    azimuth: float = _AZIMUTH
    """Direction of looking around the vertical, degrees; 0 is along x, 90 along y."""

    elevation: float = _ELEVATION
    """Direction of looking above the horizon, degrees; below 0 it looks down."""

    field_of_view: float = _FIELD_OF_VIEW
    """Of the picture's height, degrees."""

    @property
    def eye(self) -> Floats:
        """The camera's place, metres."""
        place: Floats = np.asarray(self.target) - self.distance * axes_of(self)[2]
        return place

    def focus(self, height: int) -> float:
        """Returns the distance of the picture's plane from the eye, in pixels."""
        return height / 2 / math.tan(math.radians(self.field_of_view) / 2)


@functools.lru_cache(maxsize=64)
def axes_of(view: View) -> Floats:
    """Returns three unit vectors, one a row: to the right, up and into the picture."""
    azimuth, elevation = math.radians(view.azimuth), math.radians(view.elevation)
    ahead = np.array(
        [
            math.cos(elevation) * math.cos(azimuth),
            math.cos(elevation) * math.sin(azimuth),
            math.sin(elevation),
        ]
    )
    right = np.array([math.sin(azimuth), -math.cos(azimuth), 0.0])
    return np.stack([right, np.cross(right, ahead), ahead])


def projected(points: Floats, view: View, width: int, height: int) -> tuple[Floats, Floats]:
    """Returns where points are in the picture.

    Args:
        points: One a row, metres.
        view: The camera.
        width: Of the picture, pixels.
        height: Of the picture, pixels.

    Returns:
        Column and row of each point in pixels, one point a row; and its depth, which is above 0
        where it is before the camera.
    """
    seen = (np.asarray(points) - view.eye) @ axes_of(view).T
    depth: Floats = seen[:, 2]
    # What is behind has no place; it gets one far off.
    scale = view.focus(height) / np.maximum(depth, 1e-6)
    places = np.stack([width / 2 + seen[:, 0] * scale, height / 2 - seen[:, 1] * scale], axis=1)
    return places, depth


def fitted(
    points: Floats,
    width: int,
    height: int,
    *,
    azimuth: float = _AZIMUTH,
    elevation: float = _ELEVATION,
) -> View:
    """Returns the nearest view in which all points are seen, with a margin.

    Args:
        points: What must be seen, one a row, metres.
        width: Of the picture, pixels.
        height: Of the picture, pixels.
        azimuth: See `View`.
        elevation: See `View`.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    view = View(_triple(middle), 1.0, azimuth, elevation)
    axes = axes_of(view)
    # Aside until it is in the middle, and away until all is inside; each changes the other a bit.
    for _ in range(3):
        seen = (points - np.asarray(view.target)) @ axes.T
        slopes = seen[:, :2] / (_distance(seen, width / height) + seen[:, 2:])
        aside = (slopes.min(axis=0) + slopes.max(axis=0)) / 2 * _distance(seen, width / height)
        view = view._replace(target=_triple(np.asarray(view.target) + aside @ axes[:2]))
    seen = (points - np.asarray(view.target)) @ axes.T
    return view._replace(distance=_distance(seen, width / height))


def _distance(seen: Floats, ratio: float) -> float:
    """Returns how far off the eye sees all points, which are given by the camera's axes."""
    half = math.tan(math.radians(_FIELD_OF_VIEW) / 2) * _MARGIN
    reach = np.maximum(np.abs(seen[:, 0]) / ratio, np.abs(seen[:, 1])) / half
    return float((reach - seen[:, 2]).max()) + _NEAREST_M


def _triple(values: Sequence[float] | Floats) -> tuple[float, float, float]:
    first, second, third = (float(value) for value in values)
    return first, second, third
