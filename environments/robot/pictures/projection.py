"""A scene of simple shapes drawn without OpenGL.

Each shape is met by the rays of the pixels that it may cover, and the nearest wins. What never
moves is drawn once. Shadows on level ground are the outlines of shapes, moved along the light.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from .rays import LIGHT, NEAR, Meeting, Shape, Singles, Window, meet
from .view import Floats, View, axes_of, projected

__all__ = ["SKY", "Projection"]

_Bytes = NDArray[np.uint8]
_Places = NDArray[np.intp]

SKY = ((203, 216, 231), (244, 247, 250))
"""Behind everything: at the upper and at the lower end of a picture."""

_FINER = 2
"""Rays to a pixel, each way: edges come out smooth."""

_SHADOW = 0.34
_TONES = 128
_CHEQUER_M = 0.2


class _Canvas(NamedTuple):
    pixels: _Bytes
    depth: Singles
    ground: NDArray[np.int8]
    """Which level ground is seen, by its number; -1 is none."""


class Projection:
    """Draws frames of one scene from one place."""

    def __init__(self, view: View, width: int, height: int, still: Sequence[Shape]) -> None:
        """Draws what never moves.

        Args:
            view: The camera.
            width: Of a picture, pixels.
            height: Of a picture, pixels.
            still: What is the same in all frames.
        """
        self._view = view
        self._width, self._height = width * _FINER, height * _FINER
        focus = view.focus(self._height)
        columns = (np.arange(self._width) + 0.5 - self._width / 2) / focus
        rows = (self._height / 2 - np.arange(self._height) - 0.5) / focus
        self._columns = columns.astype(np.float32)[None, :]
        self._rows = rows.astype(np.float32)[:, None]
        self._tones: dict[tuple[float, ...], _Bytes] = {}
        self._levels = sorted({shape.top for shape in still if _is_level(shape)})
        self._still = self._empty()
        for shape in still:
            self._add(self._still, shape, is_still=True)
        self._cast(self._still, [shape for shape in still if shape.kind != "plane"])

    def draw(self, moving: Iterable[Shape]) -> Image.Image:
        """Returns one frame.

        Args:
            moving: What is seen beside the still; what is not opaque lies over the rest.
        """
        shapes = sorted(moving, key=lambda shape: shape.rgba[3] < 1)
        still = self._still
        canvas = _Canvas(still.pixels.copy(), still.depth.copy(), still.ground)
        self._cast(canvas, shapes)
        for shape in shapes:
            self._add(canvas, shape)
        return Image.fromarray(canvas.pixels).reduce(_FINER)

    def _empty(self) -> _Canvas:
        size = (self._height, self._width)
        share = np.linspace(0, 1, self._height)[:, None]
        sky = np.asarray(SKY[0]) * (1 - share) + np.asarray(SKY[1]) * share
        pixels = np.repeat(sky.astype(np.uint8)[:, None, :], self._width, axis=1)
        return _Canvas(pixels, np.full(size, np.inf, np.float32), np.full(size, -1, np.int8))

    def _add(self, canvas: _Canvas, shape: Shape, *, is_still: bool = False) -> None:
        window = self._window(shape)
        if window is None:
            return
        found = meet(shape, window)
        place = (window.rows, window.columns)
        pixels, depth = canvas.pixels[place], canvas.depth[place]
        rows, columns = np.divmod(found.places, depth.shape[1])
        nearer = np.flatnonzero((found.depth < depth[rows, columns]) & (found.depth > NEAR))
        rows, columns, found = rows[nearer], columns[nearer], found.at(nearer)
        colours = self._tones_of(shape.rgba)[(found.light * 63 + 64).astype(np.intp)]
        under = pixels[rows, columns]
        if shape.kind == "plane":
            pixels[rows, columns] = _of_plane(colours, under, shape, window, found)
        elif shape.rgba[3] < 1:
            pixels[rows, columns] = under * (1 - shape.rgba[3]) + colours * shape.rgba[3]
        else:
            pixels[rows, columns] = colours
        if shape.rgba[3] >= 1:
            depth[rows, columns] = found.depth
        if is_still:
            number = self._levels.index(shape.top) if _is_level(shape) else -1
            canvas.ground[place][rows, columns] = np.where(found.is_top, number, -1)

    def _cast(self, canvas: _Canvas, shapes: Sequence[Shape]) -> None:
        """Darkens the ground below shapes."""
        outlines = [(shape.outline(), shape.top) for shape in shapes if shape.rgba[3] >= 1]
        for number, level in enumerate(self._levels):
            polygons = list(self._shadows(outlines, level))
            if not polygons:
                continue
            corners = np.concatenate(polygons)
            size = (self._width // _FINER, self._height // _FINER)
            low = np.clip(corners.min(axis=0) - 4, 0, size).astype(int)
            high = np.clip(corners.max(axis=0) + 4, 0, size).astype(int)
            if (high <= low).any():
                continue
            dark = _soft([polygon - low for polygon in polygons], *(high - low)) * -_SHADOW
            place = tuple(slice(low[axis] * _FINER, high[axis] * _FINER) for axis in (1, 0))
            dark *= canvas.ground[place] == number
            rows, columns = np.nonzero(dark)
            pixels = canvas.pixels[place]
            pixels[rows, columns] = pixels[rows, columns] * (1 + dark[rows, columns])[:, None]

    def _shadows(self, outlines: Sequence[tuple[Floats, float]], level: float) -> Iterator[Floats]:
        """Yields the shadows on a level as polygons in pixels of the picture."""
        for points, top in outlines:
            if top <= level:
                continue
            height = np.maximum(points[:, 2:] - level, 0)
            fallen = points - LIGHT * (height / LIGHT[2])
            fallen[:, 2] = level
            size = (self._width // _FINER, self._height // _FINER)
            places, depth = projected(fallen, self._view, *size)
            if depth.min() > NEAR:
                yield _hull(places)

    def _window(self, shape: Shape) -> Window | None:
        """Returns the pixels that a shape may cover, or None where it is not in the picture."""
        rows, columns = slice(0, self._height), slice(0, self._width)
        if shape.kind != "plane":
            places, depth = projected(shape.corners(), self._view, self._width, self._height)
            if depth.max() <= NEAR:
                return None
            if depth.min() > NEAR:
                low, high = places.min(axis=0), places.max(axis=0)
                columns = _within(low[0], high[0], self._width)
                rows = _within(low[1], high[1], self._height)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        right, up, ahead = (axes_of(self._view) @ shape.turn).astype(np.float32)
        across, down = self._columns[:, columns], self._rows[rows]
        first, second, third = (
            across * right[axis] + (down * up[axis] + ahead[axis]) for axis in range(3)
        )
        origin: Floats = (self._view.eye - shape.position) @ shape.turn
        return Window(rows, columns, origin, (first, second, third))

    def _tones_of(self, rgba: tuple[float, ...]) -> _Bytes:
        """Returns a colour from turned away from the light to turned towards it."""
        if rgba not in self._tones:
            turned = np.linspace(-1, 1, _TONES)[:, None]
            bright = 0.61 + 0.11 * turned + 0.34 * np.maximum(turned, 0)
            gloss = 0.16 * np.maximum(turned, 0) ** 24
            colours = np.asarray(rgba[:3]) * bright + gloss
            self._tones[rgba] = (np.clip(colours, 0, 1) * 255).astype(np.uint8)
        return self._tones[rgba]


def _is_level(shape: Shape) -> bool:
    """Returns whether shadows may lie on a shape."""
    return shape.kind in ("plane", "box") and bool(shape.turn[2, 2] > 0.999)


def _within(low: float, high: float, size: int) -> slice:
    return slice(int(max(0, low - 1)), int(min(size, high + 2)))


def _soft(polygons: Sequence[Floats], width: int, height: int) -> Singles:
    """Returns how much of each ray's place polygons cover, with soft edges."""
    mask = Image.new("L", (int(width), int(height)))
    pen = ImageDraw.Draw(mask)
    for polygon in polygons:
        pen.polygon([(x, y) for x, y in polygon.tolist()], fill=255)
    soft = mask.filter(ImageFilter.BoxBlur(1.5))
    finer = soft.resize((mask.width * _FINER, mask.height * _FINER), Image.Resampling.NEAREST)
    return np.asarray(finer, dtype=np.float32) / np.float32(255)


def _hull(points: Floats) -> Floats:
    """Returns the corners of the convex hull of points in a plane (monotone chain).

    >>> _hull(np.array([[0, 0], [2, 0], [1, 1], [2, 2], [0, 2]])).tolist()
    [[0, 0], [2, 0], [2, 2], [0, 2]]
    """
    ordered = sorted(points.tolist())

    def half(points: Iterable[list[float]]) -> list[list[float]]:
        chain: list[list[float]] = []
        for x, y in points:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                chain.pop()
            chain.append([x, y])
        return chain[:-1]

    return np.array((half(ordered) + half(reversed(ordered))) or ordered[:1])


def _of_plane(
    colours: _Bytes, under: _Bytes, shape: Shape, window: Window, found: Meeting
) -> Floats:
    """Returns the colours of a plane: faintly chequered, lost towards its end or far away."""
    along, across = (
        window.origin[axis] + found.depth * window.rays[axis].ravel()[found.places]
        for axis in (0, 1)
    )
    is_dark = (np.floor(along / _CHEQUER_M) + np.floor(across / _CHEQUER_M)) % 2
    if all(shape.size[:2]):
        ends = np.maximum(np.abs(along) / shape.size[0], np.abs(across) / shape.size[1])
        share = np.clip((1 - ends) / 0.25, 0, 1)
    else:
        share = np.clip(4 * np.abs(window.origin[2]) / found.depth, 0, 1)
    mixed: Floats = under + (colours * (1 - 0.035 * is_dark)[:, None] - under) * share[:, None]
    return mixed
