"""What happened, in words, for whoever rewrites the controller: from the simulator's own truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .arm import forward
from .instance import Instance
from .judging import TOLERANCE_M, Judgement
from .model import COLOURS, CONTROL_S
from .recording import Recording

__all__ = ["Event", "events", "tell"]

_MAX_EVENTS = 6
_NAMES = tuple(COLOURS)

_ON_M = 0.01
"""A gripper that is no further off the middle of a box closes on it."""


class Event(NamedTuple):
    """Something that happened."""

    time_s: float
    words: str


def tell(instance: Instance, recording: Recording, judgement: Judgement) -> str:
    """Returns what happened, in the order of time, and how it ended."""
    if judgement.is_unstable:
        return "sim_unstable: the simulation broke down, so nothing counts"
    happened = events(instance, recording, judgement)
    told = [f"{event.words} at t = {event.time_s:.1f} s" for event in happened]
    if len(told) > _MAX_EVENTS:
        told[_MAX_EVENTS - 1 :] = [f"and {len(told) - _MAX_EVENTS + 1} more such events"]
    return "; ".join([*told, *_ending(instance, recording, judgement)])


def events(instance: Instance, recording: Recording, judgement: Judgement) -> list[Event]:
    """Returns what happened, in the order of time."""
    happened = sorted(_happened(instance, recording, judgement))
    return [Event(step * CONTROL_S, words) for step, words in happened]


def _happened(
    instance: Instance, recording: Recording, judgement: Judgement
) -> Iterator[tuple[int, str]]:
    yield from _grips(instance, recording)
    for drop in judgement.drops:
        yield drop.step, f"dropped the {_NAMES[drop.box]} box from {drop.height_m * 100:.0f} cm"
    if instance.wall is not None:
        is_hit = recording.touch[:, -1] > 0
        begins = np.flatnonzero(is_hit & ~np.roll(is_hit, 1))
        yield from ((int(step), "hit the wall") for step in begins)


def _grips(instance: Instance, recording: Recording) -> Iterator[tuple[int, str]]:
    """Yields each closing of the gripper, where it closed, and what it lost again."""
    if instance.is_gripper_shut:
        return
    is_shut = recording.openings < 0.5
    is_held = (recording.touch[:, :2] > 0.5).all(axis=1) & is_shut
    for step in np.flatnonzero(is_shut[1:] & ~is_shut[:-1]) + 1:
        number, beside, above = _off(instance, recording, int(step))
        yield int(step), f"closed the gripper {_where(beside, above)} the {_NAMES[number]} box"
    for step in np.flatnonzero(is_held[:-1] & ~is_held[1:] & is_shut[1:]) + 1:
        number, _, _ = _off(instance, recording, int(step))
        yield int(step), f"lost hold of the {_NAMES[number]} box"


def _where(beside_m: float, above_m: float) -> str:
    if max(beside_m, abs(above_m)) < _ON_M:
        return "on"
    beside = f"{beside_m * 1e3:.0f} mm beside"
    if abs(above_m) < _ON_M:
        return beside
    return f"{abs(above_m) * 1e3:.0f} mm too {'high' if above_m > 0 else 'low'} and {beside}"


def _off(instance: Instance, recording: Recording, step: int) -> tuple[int, float, float]:
    """Returns the box nearest to the tool, how far beside it the tool is and how far above."""
    tool = _tool(recording, step)
    offs = [tool - recording.box(number)[step] for number in range(len(instance.boxes))]
    number = int(np.argmin([np.linalg.norm(off) for off in offs]))
    return number, float(np.hypot(*offs[number][:2])), float(offs[number][2])


def _tool(recording: Recording, step: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    a, b, c, d, e = recording.qpos[step, :5].tolist()
    return np.array(forward((a, b, c, d, e)))


def _ending(instance: Instance, recording: Recording, judgement: Judgement) -> Iterator[str]:
    if instance.button is not None:
        away = max(judgement.errors_m[0] - TOLERANCE_M, 0.0)
        yield (
            "the button is pressed"
            if judgement.is_final
            else (f"the button is not pressed at the end; the tool is {away * 1e3:.0f} mm from it")
        )
        return
    if not instance.is_gripper_shut and not (recording.openings < 0.5).any():
        nearest = min(
            float(np.linalg.norm(_tool(recording, step) - recording.box(number)[step]))
            for step in range(len(recording.qpos))
            for number in range(len(instance.boxes))
        )
        yield f"never closed the gripper; the tool came within {nearest * 1e3:.0f} mm of a box"
    for place, error in zip(instance.places, judgement.errors_m, strict=True):
        where = recording.box(place.box)[-1]
        over = f", {(where[2] - place.z) * 1e3:+.0f} mm of it in height"
        yield (
            f"the {_NAMES[place.box]} box is {error * 1e3:.0f} mm from its goal at the end"
            + (over if abs(where[2] - place.z) > 0.01 else "")
        )
    if not judgement.is_final and max(judgement.errors_m) < TOLERANCE_M:
        yield "but it had not come to rest there"
    if judgement.is_final and judgement.drops:
        yield "what was dropped counts as failed"
