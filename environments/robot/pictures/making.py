"""Pictures of a recorded episode: a strip of its moments and a short clip.

OpenGL paints them where it works (`MUJOCO_GL` is respected); where it does not, they are drawn
without. A picture never fails anything: where none can be made, a text says why.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from .album import clip_of, strip_of
from .opengl import Job, PaintError, paint, painters
from .projection import SKY, Projection
from .rays import Shape
from .seen import KINDS, Marker, Poses, moving_shapes, still_shapes
from .view import Floats, View, fitted, projected

if TYPE_CHECKING:
    import mujoco

__all__ = ["Frame", "Marker", "Moment", "Subject", "painter_of_here", "pictures_of"]

WIDTH, HEIGHT = 320, 240
_CLIP_FRAMES = 40
"""At most; and at most so many a second:"""

_CLIP_RATE = 12.5
_MOST_MOMENTS = 8
_FEWEST_INNER = 2
_failed: dict[str, str] = {}
"""Why a painter did not work in this process; it is not tried again."""

_said: set[str] = set()


class Frame(NamedTuple):
    """The pose of a model at a time."""

    time_s: float
    qpos: Sequence[float] | Floats


class Moment(NamedTuple):
    """When something happened that the strip shows, and what, in a few words."""

    time_s: float
    words: str


class Subject(NamedTuple):
    """What pictures are made of."""

    frames: Sequence[Frame]
    """In the order of time; such as one for each control step."""

    markers: Sequence[Marker] = ()
    """Shown in all frames."""

    moments: Sequence[Moment] = ()
    """Shown in the strip beside start, middle and end."""

    trail: str = ""
    """A body whose way the strip shows."""

    title: str = ""
    """Above the strip, such as how it ended."""

    azimuth: float = 115.0
    """From where it is seen: direction of looking around the vertical, degrees; 90 is along y."""

    elevation: float = -28.0
    """Below 0 it is seen from above, degrees."""


def pictures_of(model: mujoco.MjModel, subject: Subject) -> Mapping[str, bytes]:
    """Returns `strip.png` and `clip.gif`, or `clip.mp4` where imageio-ffmpeg is installed.

    Where there is something to say about how they were made, `pictures.txt` says it; it stands
    alone where none could be made. Never raises.
    """
    try:
        return _pictures(model, subject)
    except Exception as error:  # noqa: BLE001 - a picture is a convenience; no trial may fail for it
        reason = f"no pictures: {type(error).__name__}: {error}"[:1000]
        return {"pictures.txt": f"{reason}\n".encode()}


def painter_of_here() -> str:
    """Returns what paints pictures on this machine, tried: `egl` and the like, or why none does."""
    import mujoco

    wanted, reasons = painters(os.environ.get("MUJOCO_GL")), []
    subject = Subject([Frame(0.0, [])])
    model = mujoco.MjModel.from_xml_string("<mujoco/>")
    for painter in wanted.names:
        try:
            paint(painter, model, _job(subject.frames, View((0.0, 0.0, 0.0), 1.0), subject))
        except PaintError as error:
            reasons.append(str(error))
        else:
            return painter
    why = wanted.problem or "; ".join(reasons) or "MUJOCO_GL says so"
    return f"drawn without OpenGL ({why})"


class _Painted(NamedTuple):
    images: list[Image.Image]
    note: str


def _pictures(model: mujoco.MjModel, subject: Subject) -> Mapping[str, bytes]:
    frames = [frame for frame in subject.frames if np.isfinite(frame.qpos).all()]
    if not frames:
        raise ValueError("no frame of the episode has finite positions")
    times = np.array([frame.time_s for frame in frames])
    moments = _moments(times, subject)
    at_moments = _nearest(times, [moment.time_s for moment in moments])
    at_clip = _nearest(times, _clip_times(times))
    numbers = sorted({*at_moments, *at_clip})
    poses = Poses(model)
    view = _view(poses, frames, subject)
    painted = _painted(poses, [frames[number] for number in numbers], view, subject)
    images = dict(zip(numbers, painted.images, strict=True))
    trail = _trail(poses, frames, view, subject.trail)
    panels = [
        (images[number], moment.words, float(times[number]), trail[: number + 1])
        for number, moment in zip(at_moments, moments, strict=True)
    ]
    name, clip = clip_of([(images[number], float(times[number])) for number in at_clip])
    made = {"strip.png": strip_of(panels, subject.title), name: clip}
    if painted.note:
        made["pictures.txt"] = f"{painted.note}\n".encode()
    return made


def _moments(times: Floats, subject: Subject) -> list[Moment]:
    """Returns the moments of the strip in the order of time: start, middle, end, what happened."""
    first, last = float(times[0]), float(times[-1])
    inner = sorted(moment for moment in subject.moments if first < moment.time_s < last)
    if len(inner) < _FEWEST_INNER:
        inner = sorted([*inner, Moment((first + last) / 2, "middle")])
    return [Moment(first, "start"), *inner[: _MOST_MOMENTS - 2], Moment(last, "end")]


def _clip_times(times: Floats) -> Floats:
    lasts = float(times[-1] - times[0])
    count = int(min(_CLIP_FRAMES, max(1, round(lasts * _CLIP_RATE) + 1)))
    evenly: Floats = np.linspace(times[0], times[-1], count)
    return evenly


def _nearest(times: Floats, wanted: Iterable[float]) -> list[int]:
    return [int(np.abs(times - time_s).argmin()) for time_s in wanted]


def _view(poses: Poses, frames: Sequence[Frame], subject: Subject) -> View:
    """Returns a view of what moves, at the start, in the middle and at the end, and what is near.

    What flew away is let go of, and a table is seen in part.
    """
    seen = []
    for frame in (frames[0], frames[len(frames) // 2], frames[-1]):
        poses.put(frame.qpos)
        seen.append(_corners(moving_shapes(poses, subject.markers)))
    moving = np.concatenate(seen)
    start = seen[0] if len(seen[0]) else np.zeros((1, 3))
    middle, reach = start.mean(axis=0), max(float(np.ptp(start, axis=0).max()), 0.1)
    moving = moving[np.abs(moving - middle).max(axis=1) < 2 * reach]
    points = np.concatenate([start, moving])
    low, high = points.min(axis=0) - 0.15 * reach, points.max(axis=0) + 0.15 * reach
    still = (_corners([shape]) for shape in still_shapes(poses))
    near = [corners for corners in still if ((corners > low) & (corners < high)).all()]
    points = np.concatenate([points, *near])
    return fitted(points, WIDTH, HEIGHT, azimuth=subject.azimuth, elevation=subject.elevation)


def _corners(shapes: Iterable[Shape]) -> Floats:
    around = [shape.corners() for shape in shapes if shape.kind != "plane"]
    return np.concatenate([np.empty((0, 3)), *around])


def _painted(poses: Poses, frames: Sequence[Frame], view: View, subject: Subject) -> _Painted:
    """Returns a picture of each frame, by the first painter that works, or drawn without one."""
    asked = os.environ.get("MUJOCO_GL")
    wanted = painters(asked)
    for painter in wanted.names:
        if painter not in _failed:
            try:
                arrays = paint(painter, poses.model, _job(frames, view, subject))
                return _Painted([Image.fromarray(array) for array in arrays], "")
            except PaintError as error:
                _failed[painter] = str(error)
    note = ""
    if wanted.was_asked:
        why = wanted.problem or "; ".join(_failed[name] for name in wanted.names)
        note = f"pictures are drawn without OpenGL: {why}"
        _say(note)
    return _Painted(_drawn(poses, frames, view, subject), note)


def _say(line: str) -> None:
    if line not in _said:
        _said.add(line)
        sys.stderr.write(f"{line}\n")


def _job(frames: Sequence[Frame], view: View, subject: Subject) -> Job:
    numbers = {kind: number for number, kind in KINDS.items()}
    rows = [
        [numbers[marker.kind], *marker.size, *marker.position, *marker.rgba]
        for marker in subject.markers
    ]
    camera = [*view.target, view.distance, view.azimuth, view.elevation, view.field_of_view]
    return Job(
        qpos=np.array([frame.qpos for frame in frames], dtype=float),
        markers=np.array(rows, dtype=float).reshape(-1, 11),
        camera=np.array(camera),
        sky=np.array(SKY, dtype=float),
        size=(WIDTH, HEIGHT),
    )


def _drawn(
    poses: Poses, frames: Sequence[Frame], view: View, subject: Subject
) -> list[Image.Image]:
    projection = Projection(view, WIDTH, HEIGHT, still_shapes(poses))
    images = []
    for frame in frames:
        poses.put(frame.qpos)
        images.append(projection.draw(moving_shapes(poses, subject.markers)))
    return images


def _trail(poses: Poses, frames: Sequence[Frame], view: View, body: str) -> Floats:
    """Returns where a body is in the picture in each frame; empty where none is followed."""
    if not body:
        return np.empty((0, 2))
    number = poses.model.body(body).id
    places = []
    for frame in frames:
        poses.put(frame.qpos)
        places.append(poses.data.xpos[number].copy())
    return projected(np.array(places), view, WIDTH, HEIGHT)[0]
