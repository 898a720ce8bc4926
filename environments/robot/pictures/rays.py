"""Simple shapes, and where rays meet them: each in its own frame, where that has a closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .view import Floats

__all__ = ["LIGHT", "NEAR", "Kind", "Meeting", "Shape", "Singles", "Window", "meet"]

Kind = Literal["plane", "sphere", "capsule", "ellipsoid", "cylinder", "box"]
"""As MuJoCo has them, with the same sizes: half lengths and radii, metres."""

Singles = NDArray[np.float32]

LIGHT = np.array([0.35, -0.45, 0.82]) / np.linalg.norm([0.35, -0.45, 0.82])
"""Towards the light."""

NEAR = 1e-3
"""What is nearer to the eye is not seen, metres."""

_TURN = np.linspace(0, 2 * np.pi, 10, endpoint=False)
_RING = np.stack([np.cos(_TURN), np.sin(_TURN), np.zeros_like(_TURN)], axis=1)
_SIDE = np.cross(LIGHT, [1.0, 0.0, 0.0]) / np.linalg.norm(np.cross(LIGHT, [1.0, 0.0, 0.0]))
_LIT_RING = _RING[:, :1] * _SIDE + _RING[:, 1:2] * np.cross(LIGHT, _SIDE)
"""A circle across the light: the outline of a ball as the light sees it."""

_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


class Shape(NamedTuple):
    """One thing that is seen."""

    kind: Kind
    size: tuple[float, float, float]
    """As MuJoCo has it; a plane of size 0 goes to the horizon."""

    position: Floats
    turn: Floats
    """Rotation to the world, three by three."""

    rgba: tuple[float, float, float, float]
    """Each in [0, 1]; the last is how opaque it is."""

    @property
    def reach(self) -> Floats:
        """Half lengths of the box around it, in its own frame."""
        first, second, _ = self.size
        match self.kind:
            case "sphere":
                return np.array([first, first, first])
            case "capsule":
                return np.array([first, first, first + second])
            case "cylinder":
                return np.array([first, first, second])
            case _:
                return np.asarray(self.size)

    @property
    def top(self) -> float:
        """Height of its highest point, metres, to a tenth of a millimetre."""
        above = 0.0 if self.kind == "plane" else float(np.abs(self.turn[2]) @ self.reach)
        return round(float(self.position[2]) + above, 4)

    def corners(self) -> Floats:
        """Returns the corners of the box around it, one a row, in the world."""
        around: Floats = self.position + (_CORNERS * self.reach) @ self.turn.T
        return around

    def outline(self) -> Floats:
        """Returns points, one a row, whose convex hull casts nearly the same shadow."""
        first, second, third = self.size
        match self.kind:
            case "sphere" | "capsule":
                along = self.turn[:, 2] * (second if self.kind == "capsule" else 0.0)
                ends = (self.position + end * along for end in (-1, 1))
                return np.concatenate([end + first * _LIT_RING for end in ends])
            case "cylinder":
                rings = [_RING * first + [0, 0, end] for end in (-second, second)]
            case "ellipsoid":
                half = (first, second, third)
                rings = [np.roll(_RING, shift, axis=1) * half for shift in range(3)]
            case _:
                return self.corners()
        around: Floats = self.position + np.concatenate(rings) @ self.turn.T
        return around


class Window(NamedTuple):
    """The pixels that a shape may cover, with their rays in its frame."""

    rows: slice
    columns: slice
    origin: Floats
    rays: tuple[Singles, Singles, Singles]
    """Not of unit length: one unit is one metre into the picture."""


class Meeting(NamedTuple):
    """Where rays meet a shape."""

    places: NDArray[np.intp]
    """Of those that do, in the window laid out flat."""

    depth: Singles
    light: Singles
    """How the surface is turned to the light, from -1 to 1."""

    is_top: NDArray[np.bool_]
    """Whether it is the upper side of a shape that has one."""

    def at(self, chosen: NDArray[np.intp]) -> Meeting:
        """Returns some of them, by their number."""
        return Meeting(
            self.places[chosen], self.depth[chosen], self.light[chosen], self.is_top[chosen]
        )


def meet(shape: Shape, window: Window) -> Meeting:
    """Returns where the rays of a window meet the shape that it was made for."""
    return _MEETINGS[shape.kind](shape, window)


def _meet_plane(shape: Shape, window: Window) -> Meeting:
    first, second, third = window.rays
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = (-window.origin[2] / third).astype(np.float32)
    is_met = np.isfinite(depth) & (depth > NEAR)
    for axis, ray in ((0, first), (1, second)):
        if shape.size[axis]:
            is_met &= np.abs(window.origin[axis] + depth * ray) < shape.size[axis]
    places = np.flatnonzero(is_met)
    light = np.float32(LIGHT @ shape.turn[:, 2])
    turned = np.full(len(places), light, np.float32)
    return Meeting(places, depth.ravel()[places], turned, np.ones(len(places), np.bool_))


def _meet_box(shape: Shape, window: Window) -> Meeting:
    light = (LIGHT @ shape.turn).astype(np.float32)
    enter: list[Singles] = []
    leave: Singles | None = None
    for axis in range(3):
        ray = window.rays[axis]
        with np.errstate(divide="ignore"):
            inverse = np.where(ray == 0, np.float32(1e9), 1 / ray)
        middle = inverse * np.float32(-window.origin[axis])
        half = np.abs(inverse) * np.float32(shape.size[axis])
        enter.append(middle - half)
        after = middle + half
        leave = after if leave is None else np.minimum(leave, after)
    assert leave is not None
    nearest = np.maximum(np.maximum(enter[0], enter[1]), enter[2])
    places = np.flatnonzero(nearest < leave)
    depth = nearest.ravel()[places]
    # The side that is met looks to the eye.
    sides = [light[axis] * np.float32(np.sign(window.origin[axis])) for axis in range(3)]
    is_third = enter[2].ravel()[places] == depth
    is_first = enter[0].ravel()[places] == depth
    turned = np.where(is_third, sides[2], np.where(is_first, sides[0], sides[1]))
    return Meeting(places, depth, turned, is_third & bool(window.origin[2] > 0))


def _meet_ellipsoid(shape: Shape, window: Window) -> Meeting:
    size = np.asarray(shape.reach)
    light = LIGHT @ shape.turn
    origin = window.origin / size
    first, second, third = (
        ray * np.float32(1 / size[axis]) for axis, ray in enumerate(window.rays)
    )
    places, depth = _nearer_root(
        first * first + second * second + third * third,
        first * origin[0].astype(np.float32)
        + second * origin[1].astype(np.float32)
        + third * origin[2].astype(np.float32),
        float(origin @ origin) - 1,
    )
    turned, length = np.zeros_like(depth), np.zeros_like(depth)
    for axis, ray in enumerate((first, second, third)):
        normal = (origin[axis] + depth * ray.ravel()[places]) / size[axis]
        turned += (light[axis] * normal).astype(np.float32)
        length += (normal * normal).astype(np.float32)
    return _round(places, depth, (turned / np.sqrt(length)).astype(np.float32))


def _meet_capsule(shape: Shape, window: Window) -> Meeting:
    radius, half = shape.size[:2]
    origin, light = window.origin, LIGHT @ shape.turn
    places, depth = _meet_pipe(window, radius)
    first, second, third = (ray.ravel()[places] for ray in window.rays)
    end = np.clip(origin[2] + depth * third, -half, half).astype(np.float32)
    beyond = np.flatnonzero(np.abs(end) >= half)
    # Whoever meets the pipe beyond its end may meet the ball there; nobody else does.
    x, y, z = first[beyond], second[beyond], third[beyond]
    from_ball = (origin[2] - end[beyond]).astype(np.float32)
    at_ball, depths = _nearer_root(
        x * x + y * y + z * z,
        x * np.float32(origin[0]) + y * np.float32(origin[1]) + z * from_ball,
        (from_ball * from_ball + np.float32(origin[0] ** 2 + origin[1] ** 2 - radius**2)),
    )
    depth[beyond] = np.inf
    depth[beyond[at_ball]] = depths
    kept = np.flatnonzero(np.isfinite(depth))
    places, depth, end = places[kept], depth[kept], end[kept]
    along = [
        (origin[axis] + depth * ray[kept]).astype(np.float32)
        for axis, ray in enumerate((first, second, third))
    ]
    turned = along[0] * light[0] + along[1] * light[1] + (along[2] - end) * light[2]
    return _round(places, depth, (turned / radius).astype(np.float32))


def _meet_cylinder(shape: Shape, window: Window) -> Meeting:
    radius, half = shape.size[:2]
    origin, light = window.origin, LIGHT @ shape.turn
    places, side = _meet_pipe(window, radius)
    first, second, third = (ray.ravel()[places] for ray in window.rays)
    inverse = 1 / np.where(third == 0, np.float32(1e-9), third)
    middle = np.float32(-origin[2]) * inverse
    cap = middle - np.abs(inverse) * np.float32(half)
    square = first * first + second * second
    # The pipe's two ends along the ray lie around the place where it is nearest to the axis.
    nearest = -(first * np.float32(origin[0]) + second * np.float32(origin[1])) / square
    leave = np.minimum(2 * nearest - side, middle + np.abs(inverse) * np.float32(half))
    depth = np.maximum(side, cap)
    kept = np.flatnonzero(depth < leave)
    places, depth, is_cap = places[kept], depth[kept], (cap > side)[kept]
    turned = (
        (origin[0] + depth * first[kept]) * light[0] + (origin[1] + depth * second[kept]) * light[1]
    ) / radius
    turned = np.where(is_cap, light[2] * np.sign(origin[2]), turned)
    return _round(places, depth, turned.astype(np.float32))


def _round(places: NDArray[np.intp], depth: Singles, light: Singles) -> Meeting:
    return Meeting(places, depth, light, np.zeros(len(places), np.bool_))


def _meet_pipe(window: Window, radius: float) -> tuple[NDArray[np.intp], Singles]:
    """Returns where rays meet an endless pipe along the third axis."""
    first, second, _ = window.rays
    origin = window.origin.astype(np.float32)
    return _nearer_root(
        first * first + second * second,
        first * origin[0] + second * origin[1],
        float(window.origin[0] ** 2 + window.origin[1] ** 2 - radius**2),
    )


def _nearer_root(
    square: Singles, half: Singles, constant: float | Singles
) -> tuple[NDArray[np.intp], Singles]:
    """Returns where `square t^2 + 2 half t + constant = 0` has roots, and the smaller of them."""
    under = half * half - square * np.float32(constant)
    places = np.flatnonzero(under > 0)
    root = np.sqrt(under.ravel()[places])
    return places, (-half.ravel()[places] - root) / square.ravel()[places]


_MEETINGS: dict[Kind, Callable[[Shape, Window], Meeting]] = {
    "plane": _meet_plane,
    "sphere": _meet_ellipsoid,
    "capsule": _meet_capsule,
    "ellipsoid": _meet_ellipsoid,
    "cylinder": _meet_cylinder,
    "box": _meet_box,
}
