"""Frames painted by OpenGL, in a process of their own: a bad driver ends that process, no trial.

Run as a program, this file is that process: it reads a job and writes the frames.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    import mujoco

__all__ = ["Job", "PaintError", "Painters", "paint", "painters"]

_PATIENCE_S = 120
_FINER = 2
"""Samples to a pixel, each way: edges come out smooth, and against the sky as well."""

_LEAST_AMBIENT = 0.18
"""Of the light that comes from everywhere: what is turned away is seen, too."""

_OFF = ("disable", "disabled", "off", "false", "0")
_ON = ("", "enable", "enabled", "on", "true", "1")
_NAMED = ("egl", "osmesa", "glfw", "glx")


class PaintError(Exception):
    """This way of painting does not work here; the message says why, in a line."""


class Painters(NamedTuple):
    """Ways to paint that are to be tried, in their order."""

    names: tuple[str, ...]
    was_asked: bool
    """Whether somebody named it: then it is said where it does not work."""

    problem: str = ""
    """What is wrong with how it was named."""


class Job(NamedTuple):
    """What is to be painted."""

    qpos: NDArray[np.float64]
    """One pose a row."""

    markers: NDArray[np.float64]
    """One a row: MuJoCo's number of the kind, size (3), position (3), colour (4)."""

    camera: NDArray[np.float64]
    """Target (3), distance, azimuth, elevation, field of view; metres and degrees."""

    sky: NDArray[np.float64]
    """Red, green, blue up to 255 at the upper and at the lower end."""

    size: tuple[int, int]
    """Width and height, pixels."""


def painters(mujoco_gl: str | None) -> Painters:
    """Returns what MUJOCO_GL asks for.

    >>> painters(None).names
    ('egl', 'osmesa')
    >>> painters("off").names
    ()
    >>> painters("elg").problem
    "MUJOCO_GL='elg' is none of egl, osmesa, glfw, off"
    """
    asked = (mujoco_gl or "").strip().lower()
    if asked in _ON:
        return Painters(("egl", "osmesa"), was_asked=False)
    if asked in _OFF:
        return Painters((), was_asked=False)
    if asked in _NAMED:
        return Painters((asked,), was_asked=True)
    problem = f"MUJOCO_GL={(mujoco_gl or '')[:40]!r} is none of egl, osmesa, glfw, off"
    return Painters((), was_asked=True, problem=problem)


def paint(painter: str, model: mujoco.MjModel, job: Job) -> list[NDArray[np.uint8]]:
    """Returns the frames of a job, in another process.

    Raises:
        PaintError: it did not come to an end, or not in time.
    """
    import mujoco

    environment = {**os.environ, "MUJOCO_GL": painter}
    environment.pop("PYOPENGL_PLATFORM", None)
    with tempfile.TemporaryDirectory(prefix="agentlab-paint-") as name:
        folder = Path(name)
        mujoco.mj_saveModel(model, str(folder / "model.mjb"))
        np.savez(folder / "job.npz", **job._asdict())
        command = [sys.executable, "-P", str(Path(__file__).resolve()), str(folder)]
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PaintError(f"{painter}: {type(error).__name__}") from error
        if done.returncode != 0:
            raise PaintError(f"{painter}: {_last_words(done.stderr, done.returncode)}")
        return list(np.load(folder / "frames.npy"))


def _last_words(stderr: bytes, code: int) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else f"ended with {code}"


def _work(folder: Path) -> None:
    """Paints the job in a folder."""
    import mujoco

    model = mujoco.MjModel.from_binary_path(str(folder / "model.mjb"))
    with np.load(folder / "job.npz") as stored:
        job = Job(**{name: stored[name] for name in Job._fields})
    width, height = (int(length) * _FINER for length in job.size)
    model.vis.quality.offsamples = 0
    model.vis.headlight.ambient[:] = np.maximum(model.vis.headlight.ambient, _LEAST_AMBIENT)
    model.vis.global_.offwidth, model.vis.global_.offheight = width, height
    model.vis.global_.fovy = job.camera[6]
    opengl = mujoco.GLContext(width, height)
    try:
        opengl.make_current()
        context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        try:
            mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, context)
            np.save(folder / "frames.npy", np.stack(list(_frames(model, job, context))))
        finally:
            context.free()
    finally:
        # Left to the end of the interpreter, this prints what looks like an error.
        opengl.free()


def _frames(
    model: mujoco.MjModel, job: Job, context: mujoco.MjrContext
) -> Iterator[NDArray[np.uint8]]:
    import mujoco

    data, option, camera = mujoco.MjData(model), mujoco.MjvOption(), mujoco.MjvCamera()
    # Sites are where something is measured, and hide what is to be seen.
    option.sitegroup[:] = 0
    camera.lookat[:], camera.distance = job.camera[:3], job.camera[3]
    camera.azimuth, camera.elevation = job.camera[4], job.camera[5]
    scene = mujoco.MjvScene(model, model.ngeom + len(job.markers) + 100)
    # The light's own pass costs more than all the rest.
    for flag in ("SHADOW", "REFLECTION", "HAZE", "SKYBOX"):
        scene.flags[getattr(mujoco.mjtRndFlag, f"mjRND_{flag}")] = False
    width, height = (int(length) * _FINER for length in job.size)
    whole = mujoco.MjrRect(0, 0, width, height)
    sky = _sky(job.sky, width, height)
    colours, depth = np.empty((height, width, 3), np.uint8), np.empty((height, width), np.float32)
    for qpos in job.qpos:
        data.qpos[:] = qpos
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_camlight(model, data)
        everything = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(model, data, option, None, camera, everything, scene)
        for row in job.markers:
            _mark(scene, row)
        mujoco.mjr_render(whole, scene, context)
        mujoco.mjr_readPixels(colours, depth, whole, context)
        # Nothing is behind what is farthest away but the sky, which MuJoCo leaves black.
        seen = np.where((depth >= 1)[:, :, None], sky, colours)[::-1]
        yield np.asarray(Image.fromarray(seen).reduce(_FINER))


def _sky(ends: NDArray[np.float64], width: int, height: int) -> NDArray[np.uint8]:
    share = np.linspace(0, 1, height)[:, None]
    column = (ends[0] * (1 - share) + ends[1] * share).astype(np.uint8)
    # As OpenGL has it, with the last row first.
    return np.repeat(column[::-1, None, :], width, axis=1)


def _mark(scene: Any, row: NDArray[np.float64]) -> None:  # Any: mujoco is imported late
    import mujoco

    geom = scene.geoms[scene.ngeom]
    rgba = row[7:].astype(np.float32)
    mujoco.mjv_initGeom(geom, int(row[0]), row[1:4], row[4:7], np.eye(3).ravel(), rgba)
    scene.ngeom += 1


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
