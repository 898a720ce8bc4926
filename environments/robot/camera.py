"""What a camera before the table sees: a small picture, drawn without OpenGL."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from .filming import goals_of
from .instance import Instance
from .physics import mujoco
from .pictures.projection import Projection
from .pictures.seen import Poses, moving_shapes, still_shapes
from .pictures.view import View

__all__ = ["SIZE", "VIEW", "Camera"]

SIZE = 64
"""Rows of a picture, and columns, pixels."""

VIEW = View((0.42, 0.0, 0.05), distance=1.3, azimuth=180.0, elevation=-50.0)
"""From beyond the table back to the robot: y is to the right, and what is near to it is above."""

_FARTHEST_M = 1e3
"""Where physics went wrong, things may be nowhere."""


class Camera:
    """Looks at one scene that is set to an instance."""

    def __init__(self, model: mujoco.MjModel, instance: Instance) -> None:
        self._poses = Poses(model)
        self._marks = goals_of(instance)
        self._projection = Projection(VIEW, SIZE, SIZE, still_shapes(self._poses))

    def rows(self, qpos: NDArray[np.float64]) -> list[str]:
        """Returns the picture of a pose: each row its pixels' red, green and blue in base64."""
        self._poses.put(np.clip(np.nan_to_num(qpos), -_FARTHEST_M, _FARTHEST_M))
        image = self._projection.draw(moving_shapes(self._poses, self._marks))
        return [base64.b64encode(row).decode() for row in np.asarray(image)]
