"""Pictures as SVG: text, lines, bars and axes, legible on light paper and on dark."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

__all__ = ["WIDTH", "Axes", "Ink", "Picture", "Scale", "percent"]

WIDTH = 700

Ink = Literal["first", "second", "third", "ink", "faint"]
"""Blue, orange and green of Okabe and Ito, which colour-blind eyes tell apart; text; in between."""

_STYLE = """
svg { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 13px;
  --paper: #ffffff; --ink: #1f2328; --faint: #6a737d; --grid: #d8dee4; --panel: #f3f5f7;
  --first: #0072b2; --second: #d55e00; --third: #009e73; }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4ae;
  --grid: #30363d; --panel: #1b222b; --first: #56b4e9; --second: #e69f00; --third: #2fc79a; } }
.paper { fill: var(--paper); } .panel { fill: var(--panel); stroke: var(--grid); }
text { fill: var(--ink); } .small { font-size: 12px; } .faint { fill: var(--faint); }
.bold { font-weight: 600; } .title { font-size: 16px; font-weight: 600; }
.line { fill: none; stroke-linejoin: round; } .grid { stroke: var(--grid); }
""".strip()


def percent(share: float, *, digits: int = 0) -> str:
    """Returns a share in words.

    >>> percent(0.0052, digits=1)
    '0.5 %'
    """
    return f"{100 * share:.{digits}f} %"


class Scale(NamedTuple):
    """From values to places along an axis."""

    low: float
    high: float
    ticks: Sequence[float]
    title: str
    words: str = "{:g}"
    """How a tick is written; 0 is always `0`."""

    is_log: bool = False

    def written(self, tick: float) -> str:
        """Returns a tick in words."""
        return self.words.format(tick) if tick else "0"

    def share(self, value: float) -> float:
        """Returns how far along a value lies: 0 at the low end, 1 at the high end, not beyond."""
        low, high, at = (
            math.log(max(each, 1e-300)) if self.is_log else each
            for each in (self.low, self.high, value)
        )
        return min(1.0, max(0.0, (at - low) / (high - low)))


class Picture:
    """A drawing under a title, of a fixed width."""

    def __init__(self, title: str, *, height: int, told: str) -> None:
        """Starts with the title alone.

        Args:
            title: What the picture shows, in one line.
            height: In pixels; the width is always `WIDTH`.
            told: What it says to who cannot see it.
        """
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">',
            f"<title>{html.escape(title)}</title>",
            f"<desc>{html.escape(told)}</desc>",
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>',
        ]
        self.text(20, 28, title, kind="title")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        kind: str = "",
        anchor: Literal["start", "middle", "end"] = "start",
        ink: Ink = "ink",
    ) -> None:
        """Writes a line of text with its baseline at y."""
        colour = "" if ink == "ink" else f' style="fill:var(--{ink})"'
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}"{colour}>'
            f"{html.escape(words)}</text>"
        )

    def upright(self, x: float, y: float, words: str) -> None:
        """Writes a line of text from bottom to top, its middle at y."""
        self._parts.append(
            f'<text transform="translate({x:.1f} {y:.1f}) rotate(-90)" text-anchor="middle">'
            f"{html.escape(words)}</text>"
        )

    def line(
        self,
        points: Iterable[tuple[float, float]],
        ink: Ink,
        *,
        width: float = 2,
        opacity: float = 1,
        dashes: str = "",
    ) -> None:
        """Draws a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<polyline class="line" points="{path}" style="stroke:var(--{ink})" '
            f'stroke-width="{width:g}" opacity="{opacity:g}"{dashed}/>'
        )

    def box(self, x: float, y: float, width: float, height: float, ink: Ink | None = None) -> None:
        """Draws a bar, or without ink a panel."""
        look = 'class="panel" rx="4"' if ink is None else f'style="fill:var(--{ink})"'
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" '
            f'height="{max(0.0, height):.1f}" {look}/>'
        )

    def dot(self, x: float, y: float, ink: Ink, *, radius: float = 5) -> None:
        """Draws a point."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" style="fill:var(--{ink})"/>'
        )

    def render(self) -> str:
        """Returns the file."""
        return "\n".join([*self._parts, "</svg>", ""])


class Axes(NamedTuple):
    """A frame inside a picture, with a scale along the bottom and one up the side."""

    picture: Picture
    left: float
    top: float
    width: float
    height: float
    across: Scale
    up: Scale | None = None
    """None where the side is the drawer's own."""

    def x(self, value: float) -> float:
        """Returns the place of a value along the bottom."""
        return self.left + self.width * self.across.share(value)

    def y(self, value: float) -> float:
        """Returns the place of a value up the side."""
        assert self.up is not None
        return self.top + self.height * (1 - self.up.share(value))

    def draw(self, title: str = "") -> None:
        """Draws grid, ticks and titles."""
        picture, bottom = self.picture, self.top + self.height
        picture.text(self.left, self.top - 12, title, kind="bold")
        for tick in self.across.ticks:
            self.picture.line(
                [(self.x(tick), bottom), (self.x(tick), bottom + 4)], "faint", width=1
            )
            words = self.across.written(tick)
            picture.text(self.x(tick), bottom + 18, words, kind="small", anchor="middle")
        middle = self.left + self.width / 2
        picture.text(middle, bottom + 38, self.across.title, anchor="middle")
        if self.up is None:
            return
        for tick in self.up.ticks:
            at = self.y(tick)
            picture.line([(self.left, at), (self.left + self.width, at)], "faint", width=0.3)
            words = self.up.written(tick)
            picture.text(self.left - 6, at + 4, words, kind="small", anchor="end")
        picture.upright(self.left - 50, self.top + self.height / 2, self.up.title)

    def curve(
        self,
        across: Iterable[float],
        up: Iterable[float],
        ink: Ink,
        *,
        width: float = 2,
        opacity: float = 1,
        dashes: str = "",
    ) -> None:
        """Draws a line through values."""
        points = [(self.x(a), self.y(b)) for a, b in zip(across, up, strict=True)]
        self.picture.line(points, ink, width=width, opacity=opacity, dashes=dashes)
