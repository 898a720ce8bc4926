"""Pictures of an episode: a strip of what happened, a clip, and the numbers behind them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .instance import Instance
from .judging import TOLERANCE_M, judge
from .model import COLOURS, CONTROL_S
from .pictures import Frame, Marker, Moment, Subject, pictures_of
from .recording import Recording
from .telling import events

if TYPE_CHECKING:
    import mujoco

__all__ = ["film", "goals_of", "trajectory_file"]

_THIN_M = 0.001


def film(
    title: str, instance: Instance, model: mujoco.MjModel, recording: Recording
) -> Mapping[str, bytes]:
    """Returns `strip.png`, `clip.gif` or `clip.mp4`, and `trajectory.npy`: (steps + 1, nq).

    Args:
        title: Written above the strip.
        instance: What the seed decided.
        model: As the episode left it, sizes and places written in.
        recording: The whole episode.
    """
    judgement = judge(instance, recording)
    subject = Subject(
        frames=[Frame(step * CONTROL_S, qpos) for step, qpos in enumerate(recording.qpos)],
        markers=goals_of(instance),
        moments=[Moment(*event) for event in events(instance, recording, judgement)],
        trail=next(iter(COLOURS)) if instance.boxes else "",
        title=f"{title} {'Done.' if judgement.is_solved else 'Not done.'}",
    )
    return {**pictures_of(model, subject), "trajectory.npy": trajectory_file(recording)}


def goals_of(instance: Instance) -> list[Marker]:
    """Returns a disc of the tolerance's size beneath each place where a box belongs."""
    return [
        Marker(
            (place.x, place.y, max(place.z - instance.boxes[place.box].half_m, _THIN_M)),
            size=(TOLERANCE_M, _THIN_M, 0.0),
        )
        for place in instance.places
    ]


def trajectory_file(recording: Recording) -> bytes:
    """Returns the coordinates of every control step, as NumPy stores them."""
    file = io.BytesIO()
    np.save(file, recording.qpos.astype(np.float32))
    return file.getvalue()
