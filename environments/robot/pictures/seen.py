"""What of a model is seen: its shapes as they stand, and what is marked beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .rays import Kind, Shape
from .view import Floats

if TYPE_CHECKING:
    import mujoco

__all__ = ["KINDS", "Marker", "Poses", "moving_shapes", "still_shapes"]

KINDS: dict[int, Kind] = {
    0: "plane", 2: "sphere", 3: "capsule", 4: "ellipsoid", 5: "cylinder", 6: "box",
}  # fmt: skip
"""By MuJoCo's number. What is none of them is drawn as the box around it."""

_SHOWN_GROUPS = 3
"""MuJoCo shows groups below it."""

_DEFAULT_RGBA = (0.5, 0.5, 0.5, 1.0)


class Marker(NamedTuple):
    """Something that is not in the model and is shown in each frame, such as the goal."""

    position: tuple[float, float, float]
    kind: Kind = "cylinder"
    size: tuple[float, float, float] = (0.03, 0.001, 0.0)
    """As of a MuJoCo geom."""

    rgba: tuple[float, float, float, float] = (0.15, 0.72, 0.35, 0.55)

    def shape(self) -> Shape:
        """Returns it as a shape that stands upright."""
        return Shape(self.kind, self.size, np.asarray(self.position), np.eye(3), self.rgba)


class Poses:
    """A model put into one pose after the other."""

    def __init__(self, model: mujoco.MjModel) -> None:
        import mujoco

        self.model = model
        self.data = mujoco.MjData(model)
        self._place = mujoco.mj_kinematics
        # Bodies, and with them geoms, have a place once they were put.
        self._place(model, self.data)

    def put(self, qpos: Sequence[float] | Floats) -> None:
        """Puts the model into a pose."""
        self.data.qpos[:] = qpos
        self._place(self.model, self.data)


def still_shapes(poses: Poses) -> list[Shape]:
    """Returns what is opaque and fixed to the world."""
    return [shape for shape, moves in _shapes(poses) if not moves and shape.rgba[3] >= 1]


def moving_shapes(poses: Poses, markers: Iterable[Marker]) -> list[Shape]:
    """Returns the rest, as it stands, with what is marked."""
    moving = [shape for shape, moves in _shapes(poses) if moves or shape.rgba[3] < 1]
    return [*moving, *(marker.shape() for marker in markers)]


def _shapes(poses: Poses) -> Iterator[tuple[Shape, bool]]:
    """Yields each visible geom, and whether it may move. Sites are where something is measured."""
    model, data = poses.model, poses.data
    moves = model.body_weldid != 0
    for number in range(model.ngeom):
        rgba = _colour(model, model.geom_rgba[number], model.geom_matid[number])
        if model.geom_group[number] < _SHOWN_GROUPS and rgba[3] > 0:
            turn = data.geom_xmat[number].reshape(3, 3).copy()
            position = data.geom_xpos[number].copy()
            kind, size = KINDS.get(int(model.geom_type[number])), model.geom_size[number]
            if kind is None:
                middle, size = np.split(model.geom_aabb[number], 2)
                kind, position = "box", position + turn @ middle
            shape = Shape(kind, _three(size), position, turn, rgba)
            yield shape, bool(moves[model.geom_bodyid[number]])


def _colour(
    model: mujoco.MjModel,
    own: Any,
    material: int,  # Any: a row of the model's single floats
) -> tuple[float, float, float, float]:
    """Returns a colour as MuJoCo has it: of the material, unless the thing has one of its own."""
    has_own = material < 0 or tuple(np.round(own, 4)) != _DEFAULT_RGBA
    red, green, blue, opaque = own if has_own else model.mat_rgba[material]
    return float(red), float(green), float(blue), float(opaque)


def _three(values: Any) -> tuple[float, float, float]:  # Any: as above
    first, second, third = values
    return float(first), float(second), float(third)
