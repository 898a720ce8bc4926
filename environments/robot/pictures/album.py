"""Frames put together: side by side in a strip, one after the other in a clip."""

from __future__ import annotations

import importlib.util
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .view import Floats

__all__ = ["MAX_CLIP_BYTES", "clip_of", "strip_of"]

MAX_CLIP_BYTES = 200_000

_PAPER, _INK, _FAINT, _ACCENT = (255, 255, 255), (38, 45, 56), (112, 122, 136), (226, 96, 42)
_GAP, _TITLE, _CAPTION, _MOST_COLUMNS = 8, 26, 22, 4
_CORNER = 6
_COARSER = ((96, 1), (64, 1), (48, 2), (32, 3), (24, 5))
"""Colours, and every so manieth frame, until a clip is small enough."""

_LAST_S = 1.2
"""How long the last frame of a clip stays."""

_Still = tuple[Image.Image, float]
_Panel = tuple[Image.Image, str, float, Floats]


def strip_of(panels: Sequence[_Panel], title: str) -> bytes:
    """Returns a PNG of pictures in rows, each with its time and words below.

    Args:
        panels: Picture, words, seconds, and the way to be drawn on it, in pixels.
        title: Above them; empty for none.
    """
    width, height = panels[0][0].size
    rows = -(-len(panels) // _MOST_COLUMNS)
    columns = -(-len(panels) // rows)
    head = _TITLE if title else 0
    sheet = Image.new(
        "RGB",
        (_GAP + columns * (width + _GAP), _GAP + head + rows * (height + _CAPTION + _GAP)),
        _PAPER,
    )
    pen = ImageDraw.Draw(sheet)
    if title:
        pen.text((_GAP + 2, _GAP), _plain(title, 46 * columns), _INK, _font(16))
    mask = _rounded(width, height)
    for number, (image, words, time_s, way) in enumerate(panels):
        row, column = divmod(number, columns)
        left = _GAP + column * (width + _GAP)
        top = _GAP + head + row * (height + _CAPTION + _GAP)
        sheet.paste(_with_way(image, way), (left, top), mask)
        stamp = f"{time_s:.2f} s"
        pen.text((left + 2, top + height + 4), stamp, _INK, _font(13))
        after = left + 2 + pen.textlength(stamp, _font(13)) + 8
        pen.text((after, top + height + 4), _plain(words, 36), _FAINT, _font(13))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()


def clip_of(stills: Sequence[_Still]) -> tuple[str, bytes]:
    """Returns a clip and its name: a film where imageio-ffmpeg is installed, else a GIF.

    Args:
        stills: Pictures and their seconds, evenly spaced, in the order of time.
    """
    last_s = max(stills[-1][1], 1e-9)
    frames = [_with_clock(image, time_s, time_s / last_s) for image, time_s in stills]
    step_s = (stills[-1][1] - stills[0][1]) / max(1, len(stills) - 1) or 0.1
    if importlib.util.find_spec("imageio_ffmpeg") is not None and len(frames) > 1:
        return "clip.mp4", _film(frames, step_s)
    return "clip.gif", _gif(frames, step_s)


def _gif(frames: Sequence[Image.Image], step_s: float) -> bytes:
    """Returns a GIF of at most `MAX_CLIP_BYTES`, as fine as that allows."""
    found = b""
    for colours, stride in _COARSER:
        # Counted from the end: how it came out is seen in any case.
        chosen = list(reversed(frames[::-1][::stride]))
        palette = _palette(chosen, colours)
        flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in chosen]
        pauses = [round(1000 * step_s * stride)] * (len(flat) - 1) + [round(1000 * _LAST_S)]
        file = io.BytesIO()
        flat[0].save(
            file,
            "GIF",
            save_all=True,
            append_images=flat[1:],
            duration=pauses if len(flat) > 1 else pauses[0],
            loop=0,
        )
        found = file.getvalue()
        if len(found) <= MAX_CLIP_BYTES:
            return found
    raise ValueError(f"the clip takes {len(found):,} bytes; at most {MAX_CLIP_BYTES:,} are kept")


def _palette(frames: Sequence[Image.Image], colours: int) -> Image.Image:
    """Returns common colours, so that what does not move stays the same from frame to frame."""
    samples = [np.asarray(frames[len(frames) * part // 4])[::2, ::2] for part in range(4)]
    pixels = np.concatenate(samples).reshape(-1, 3)
    # What is small and coloured matters more than how finely a floor is shaded.
    vivid = pixels[np.ptp(pixels, axis=1) > 60]
    weighed = np.concatenate([pixels, *[vivid] * 6])
    return Image.fromarray(weighed[None]).quantize(colours, method=Image.Quantize.MEDIANCUT)


def _film(frames: Sequence[Image.Image], step_s: float) -> bytes:
    import imageio_ffmpeg  # type: ignore[import-not-found, unused-ignore]

    with tempfile.TemporaryDirectory(prefix="agentlab-film-") as folder:
        file = Path(folder) / "clip.mp4"
        writer = imageio_ffmpeg.write_frames(
            str(file), frames[0].size, fps=1 / step_s, quality=6, ffmpeg_log_level="quiet"
        )
        writer.send(None)
        for image in [*frames, *[frames[-1]] * round(_LAST_S / step_s)]:
            writer.send(image.tobytes())
        writer.close()
        return file.read_bytes()


def _with_way(image: Image.Image, way: Floats) -> Image.Image:
    """Returns a picture with the way to here as dots."""
    if not len(way):
        return image
    marked = image.copy()
    pen = ImageDraw.Draw(marked)
    passed = -1e9 * np.ones(2)
    for place in way:
        if np.abs(place - passed).max() >= 5:
            passed = place
            x, y = (float(length) for length in place)
            pen.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), _ACCENT, (255, 255, 255), 0)
    return marked


def _with_clock(image: Image.Image, time_s: float, share: float) -> Image.Image:
    """Returns a picture with the time in a corner and how much of all of it has passed."""
    marked = image.copy()
    pen = ImageDraw.Draw(marked)
    width, height = image.size
    pen.rectangle((0, height - 3, width * share, height), _ACCENT)
    pen.text((8, height - 24), f"{time_s:.1f} s", _INK, _font(14))
    return marked


def _rounded(width: int, height: int) -> Image.Image:
    mask = Image.new("L", (width * 4, height * 4))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, width * 4 - 1, height * 4 - 1), _CORNER * 4, fill=255
    )
    return mask.reduce(4)


def _plain(text: str, length: int) -> str:
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.load_default(size)
    except TypeError:
        # Pillow 10.0 has one size only.
        return ImageFont.load_default()
