"""What an episode was worth, from the simulator's own record of it."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arm import forward
from .instance import Instance
from .model import CONTROL_S
from .recording import Recording

__all__ = [
    "HELD_STEPS",
    "PRESSED_M",
    "TOLERANCE_M",
    "Drop",
    "Judgement",
    "drops_of",
    "errors_of",
    "judge",
]

TOLERANCE_M = 0.03
"""How far a box's centre may be from its place."""

HELD_STEPS = 10
"""Control steps at the end in which everything must be in place: 0.4 s."""

PRESSED_M = 0.015
"""How far a button is down when it is pressed."""

_REST_M = 0.005
"""A box that moves further than this in the last 5 steps is not at rest."""

_FALL_M_S = 0.77
"""What falls this fast, held by nothing, has fallen 3 cm."""

_ABSURD_M_S = 30.0
"""Nothing in the scene gets this fast but by physics that went wrong."""

_UNMOVED_M = 0.005
"""A change of distance smaller than this is none: a box that settles has gone nowhere."""


class Drop(NamedTuple):
    """A box that fell out of the gripper."""

    box: int
    step: int
    height_m: float
    """Of its centre, where it began to fall."""


class Judgement(NamedTuple):
    """The numbers of one episode."""

    is_solved: bool
    is_final: bool
    """In place at the end and held there, whatever happened before."""

    is_any: bool
    """In place at any step."""

    is_unstable: bool
    progress: float
    """Share of the way from the start to the place, 0 to 1; the mean of all boxes."""

    time_s: float
    """Until everything was in place for good; the whole episode where it never was."""

    energy_j: float
    effort: float
    peak_contact_n: float
    wall_hits: int
    drops: tuple[Drop, ...]
    errors_m: tuple[float, ...]
    """How far each box is from its place at the end, or the tool from the button."""


def judge(instance: Instance, recording: Recording) -> Judgement:
    """Returns the numbers of an episode that is over.

    Nothing is solved where the physics went wrong: whatever is in place then is there by accident.
    """
    errors = errors_of(instance, recording)
    is_there: NDArray[np.bool_] = np.all(errors < TOLERANCE_M, axis=1)
    is_unstable = recording.is_unstable or _is_absurd(instance, recording)
    is_final = bool(is_there[-HELD_STEPS:].all()) and _is_at_rest(instance, recording)
    drops = drops_of(instance, recording)
    boxes = len(instance.boxes)
    return Judgement(
        is_solved=is_final and not drops and not is_unstable,
        is_final=is_final and not is_unstable,
        is_any=bool(is_there.any()) and not is_unstable,
        is_unstable=is_unstable,
        progress=0.0 if is_unstable else _progress(errors),
        time_s=_time_s(is_there) if is_final else (len(errors) - 1) * CONTROL_S,
        energy_j=_bounded(recording.energy_j),
        effort=_bounded(recording.effort),
        peak_contact_n=_bounded(float(recording.touch[:, 2 : 2 + boxes].max(initial=0.0))),
        wall_hits=_hits(recording.touch[:, -1]) if instance.wall is not None else 0,
        drops=drops,
        errors_m=tuple(float(error) if isfinite(error) else 1e3 for error in errors[-1]),
    )


def errors_of(instance: Instance, recording: Recording) -> NDArray[np.float64]:
    """Returns how far each box was from its place, (steps + 1, places), metres.

    For a button, how far the tool was from it; 0 where it is pressed, never within the tolerance
    where it is not.
    """
    if instance.button is not None:
        tools = np.array([forward(tuple(row[:5])) for row in recording.qpos.tolist()])
        away = np.linalg.norm(tools - instance.button, axis=1) + TOLERANCE_M
        return np.where(recording.qpos[:, -1] <= -PRESSED_M, 0.0, away)[:, None]
    return np.stack(
        [
            np.linalg.norm(recording.box(place.box) - np.array(place[1:]), axis=1)
            for place in instance.places
        ],
        axis=1,
    )


def drops_of(instance: Instance, recording: Recording) -> tuple[Drop, ...]:
    """Returns each time that a box fell out of the gripper."""
    is_free: NDArray[np.bool_] = np.all(recording.touch[:, :2] <= 0, axis=1)
    found = []
    for number in range(len(instance.boxes)):
        height = recording.box(number)[:, 2]
        is_falling = (np.diff(height) < -_FALL_M_S * CONTROL_S) & is_free[1:]
        begins = np.flatnonzero(is_falling & ~np.roll(is_falling, 1))
        found += [Drop(number, int(step), float(height[step])) for step in begins]
    return tuple(sorted(found, key=lambda drop: drop.step))


def _is_at_rest(instance: Instance, recording: Recording) -> bool:
    moved = [
        np.linalg.norm(recording.box(place.box)[-1] - recording.box(place.box)[-6])
        for place in instance.places
    ]
    return all(bool(way < _REST_M) for way in moved)


def _is_absurd(instance: Instance, recording: Recording) -> bool:
    if not np.isfinite(recording.qpos).all():
        return True
    ways = [np.diff(recording.box(number), axis=0) for number in range(len(instance.boxes))]
    return any(bool((np.linalg.norm(way, axis=1) > _ABSURD_M_S * CONTROL_S).any()) for way in ways)


def _progress(errors: NDArray[np.float64]) -> float:
    gains = errors[0] - errors[-1]
    shares = np.where(gains < _UNMOVED_M, 0.0, gains / errors[0])
    return round(float(shares.mean()), 4)


def _time_s(is_there: NDArray[np.bool_]) -> float:
    """Returns when the stretch began that lasts to the end."""
    away = np.flatnonzero(~is_there)
    return float(away[-1] + 1 if away.size else 0) * CONTROL_S


def _hits(touch: NDArray[np.float64]) -> int:
    is_touched = touch > 0
    return int(is_touched[0]) + int((is_touched[1:] & ~is_touched[:-1]).sum())


def _bounded(value: float) -> float:
    return min(value, 1e6) if isfinite(value) else 1e6
