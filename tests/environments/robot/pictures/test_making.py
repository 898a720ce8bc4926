"""Pictures of an episode, with OpenGL and without; none of it ever fails a trial."""

from __future__ import annotations

import io
import itertools
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("mujoco")

from environments.robot.pictures import Frame, Marker, Moment, Subject, pictures_of
from environments.robot.pictures import making as pictures
from environments.robot.pictures.opengl import PaintError, paint, painters
from environments.robot.pictures.seen import Poses, moving_shapes, still_shapes
from tests.environments.robot.pictures.arm_scene import arm_model, episode

GOAL = Marker((0.45, -0.12, 0.001))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgets what did not work, and paints without OpenGL unless a test says otherwise."""
    monkeypatch.setenv("MUJOCO_GL", "off")
    monkeypatch.setattr(pictures, "_failed", {})
    monkeypatch.setattr(pictures, "_said", set())


def opened(data: bytes) -> Any:  # Any: Pillow's own class for each format
    return Image.open(io.BytesIO(data))


def test_an_episode_becomes_a_strip_and_a_clip() -> None:
    moments = [Moment(1.9, "over the wall"), Moment(0.8, "gripped")]
    subject = Subject(episode(), [GOAL], moments, trail="box", title="solved")
    made = pictures_of(arm_model(), subject)
    assert set(made) == {"strip.png", "clip.gif"}
    strip = opened(made["strip.png"])
    assert strip.format == "PNG"
    assert strip.size == (4 * 328 + 8, 8 + 26 + 240 + 22 + 8)
    clip = opened(made["clip.gif"])
    assert (clip.format, clip.size, clip.n_frames) == ("GIF", (320, 240), 40)
    assert len(made["clip.gif"]) <= 200_000


def test_a_clip_moves_and_takes_as_long_as_the_episode() -> None:
    clip = opened(pictures_of(arm_model(), Subject(episode()))["clip.gif"])
    lasts, frames = [], []
    for number in range(clip.n_frames):
        clip.seek(number)
        lasts.append(clip.info["duration"])
        frames.append(np.asarray(clip.convert("RGB")).astype(int))
    assert sum(lasts[:-1]) / 1000 == pytest.approx(3.2, abs=0.1)
    changes = [np.abs(one - other).max() for one, other in itertools.pairwise(frames)]
    assert min(changes) > 30


def test_without_moments_the_strip_has_start_middle_and_end() -> None:
    strip = opened(pictures_of(arm_model(), Subject(episode()))["strip.png"])
    assert strip.size == (3 * 328 + 8, 8 + 240 + 22 + 8)


def test_many_moments_go_into_two_rows_and_no_more() -> None:
    moments = [Moment(0.1 * number, "again") for number in range(1, 30)]
    strip = opened(pictures_of(arm_model(), Subject(episode(), moments=moments))["strip.png"])
    assert strip.size == (4 * 328 + 8, 8 + 2 * 270)


def test_the_same_episode_is_the_same_bytes() -> None:
    subject = Subject(episode(20), [GOAL])
    assert pictures_of(arm_model(), subject) == pictures_of(arm_model(), subject)


def test_the_goal_is_seen() -> None:
    without = pictures_of(arm_model(), Subject(episode(4), trail=""))["strip.png"]
    marked = pictures_of(arm_model(), Subject(episode(4), [GOAL]))["strip.png"]

    def green(data: bytes) -> int:
        colours = np.asarray(opened(data).convert("RGB")).astype(int)
        return int((colours[..., 1] > colours[..., 0] + 40).sum())

    assert green(marked) > green(without) + 100


def test_one_frame_is_a_picture_as_well() -> None:
    made = pictures_of(arm_model(), Subject(episode()[:1]))
    assert opened(made["clip.gif"]).size == (320, 240)


def test_a_long_and_lively_clip_stays_below_its_limit() -> None:
    noise = np.random.default_rng(1)
    frames = [
        Frame(
            number * 0.04,
            np.array([*noise.uniform(-2, 2, 2), *noise.uniform(-0.4, 0.4, 3), 1, 0, 0, 0]),
        )
        for number in range(400)
    ]
    made = pictures_of(arm_model(), Subject(frames))
    assert len(made["clip.gif"]) <= 200_000


def test_what_flew_away_does_not_make_the_rest_small() -> None:
    gone = episode()
    gone[-1].qpos[2:5] = [80.0, 0.0, 300.0]  # type: ignore[index]
    calm = pictures._view(Poses(arm_model()), episode(), Subject([]))
    view = pictures._view(Poses(arm_model()), gone, Subject([]))
    assert view.distance < 2 * calm.distance


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([], "no frame"),
        ([Frame(0.0, np.full(9, np.nan))], "no frame"),
        ([Frame(0.0, [1.0, 2.0])], "ValueError"),
    ],
)
def test_where_there_is_nothing_to_show_a_text_says_why(frames: list[Frame], reason: str) -> None:
    made = pictures_of(arm_model(), Subject(frames))
    assert set(made) == {"pictures.txt"}
    assert reason in made["pictures.txt"].decode()


def test_a_trail_of_a_body_that_is_not_there_fails_nothing() -> None:
    made = pictures_of(arm_model(), Subject(episode(4), trail="nobody"))
    assert made["pictures.txt"].startswith(b"no pictures: KeyError")


def test_frames_that_are_not_finite_are_left_out() -> None:
    frames = episode(20)
    frames[7] = Frame(frames[7].time_s, np.full(9, np.inf))
    assert set(pictures_of(arm_model(), Subject(frames))) == {"strip.png", "clip.gif"}


def test_a_wrong_setting_is_said_in_one_line_and_the_pictures_are_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MUJOCO_GL", "elg")
    for _ in range(2):
        made = pictures_of(arm_model(), Subject(episode(4)))
        assert set(made) == {"strip.png", "clip.gif", "pictures.txt"}
    line = "pictures are drawn without OpenGL: MUJOCO_GL='elg' is none of egl, osmesa, glfw, off\n"
    assert capsys.readouterr().err == line
    assert made["pictures.txt"].decode() == line


def test_a_painter_that_dies_takes_nothing_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    dying = tmp_path / "python"
    dying.write_text(f"#!/bin/sh\necho $MUJOCO_GL >> {calls}\nkill -ABRT $$\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    monkeypatch.delenv("MUJOCO_GL")
    for _ in range(2):
        assert set(pictures_of(arm_model(), Subject(episode(4)))) == {"strip.png", "clip.gif"}
    # Each is tried once, then no more in this process.
    assert calls.read_text().split() == ["egl", "osmesa"]


def test_a_painter_that_was_asked_for_and_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MUJOCO_GL", "egl")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    made = pictures_of(arm_model(), Subject(episode(4)))
    assert made["pictures.txt"] == b"pictures are drawn without OpenGL: egl: ended with 1\n"
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "names"),
    [(None, ("egl", "osmesa")), ("", ("egl", "osmesa")), ("EGL ", ("egl",)), ("0", ()), ("x", ())],
)
def test_mujoco_gl_is_respected(setting: str | None, names: tuple[str, ...]) -> None:
    assert painters(setting).names == names


@pytest.mark.parametrize("painter", ["egl", "osmesa"])
def test_opengl_paints_the_same_scene(painter: str) -> None:
    frames, model = episode(2), arm_model()
    subject, poses = Subject(frames, [GOAL]), Poses(model)
    view = pictures._view(poses, frames, subject)
    try:
        painted = paint(painter, model, pictures._job(frames, view, subject))
    except PaintError as error:
        pytest.skip(str(error))
    drawn = pictures._drawn(poses, frames, view, subject)
    for mine, theirs in zip(drawn, painted, strict=True):
        # The box, by its colour, is in the same place.
        boxes = [_blue(np.asarray(mine)), _blue(theirs)]
        assert (boxes[0] & boxes[1]).sum() > 0.75 * (boxes[0] | boxes[1]).sum()


def _blue(colours: Any) -> Any:  # Any: arrays of bytes
    values = colours.astype(int)
    return (values[..., 2] > values[..., 0] + 60) & (values[..., 2] > values[..., 1] + 25)


def test_what_moves_is_told_from_what_is_still() -> None:
    poses = Poses(arm_model())
    still, moving = still_shapes(poses), moving_shapes(poses, [GOAL])
    assert [shape.kind for shape in still] == ["plane", "box", "box", "cylinder"]
    assert [shape.kind for shape in moving] == [
        "capsule",
        "capsule",
        "ellipsoid",
        "box",
        "cylinder",
    ]
    # A material's colour, where there is none of its own.
    assert moving[1].rgba[:3] == pytest.approx((0.93, 0.5, 0.2))


@pytest.mark.serial
def test_a_frame_that_is_drawn_takes_less_than_12_ms_of_processor_time() -> None:
    poses, frames = Poses(arm_model()), episode()
    view = pictures._view(poses, frames, Subject(frames))

    def cpu_s(count: int) -> float:
        began = time.process_time()
        pictures._drawn(poses, frames[:count], view, Subject(frames, [GOAL]))
        return time.process_time() - began

    # What is still is drawn once, however many frames there are.
    assert min(cpu_s(41) - cpu_s(1) for _ in range(3)) / 40 < 0.012
