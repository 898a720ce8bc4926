"""How often each way to rank finds the right action first, read off the page's own table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from scripts.pictures.svg import Axes, Ink, Picture, Scale, percent

__all__ = ["PAGE", "Row", "rows_of", "tool_search"]

PAGE = Path(__file__).resolve().parents[2] / "docs/tool_search.md"

_ROW = re.compile(r"^\| `(\w+)` \| (\.\d+) [^|]*\| (\.\d+) \| (\.\d+) ", re.MULTILINE)
_STEP = 34
_LEFT = 110


class Row(NamedTuple):
    """A way to rank."""

    name: str
    everywhere: float
    """Hit@1 among all actions."""

    scoped: float
    """Hit@1 among those of the right connector."""


def rows_of(page: str) -> list[Row]:
    """Returns the rows of the page's table."""
    return [
        Row(name, float(everywhere), float(scoped))
        for name, everywhere, _, scoped in _ROW.findall(page)
    ]


def tool_search() -> str:
    """Returns the picture."""
    rows = sorted(rows_of(PAGE.read_text(encoding="utf-8")), key=lambda row: row.everywhere)
    bottom = 84 + _STEP * len(rows)
    picture = Picture(
        "The right action first, on connectors that were never seen",
        height=bottom + 58,
        told=", ".join(f"{row.name}: {row.everywhere:.3f} and {row.scoped:.3f}" for row in rows),
    )
    axes = Axes(
        picture,
        _LEFT,
        84,
        540,
        bottom - 84,
        Scale(0, 0.8, (0, 0.2, 0.4, 0.6, 0.8), "queries with the right action first (Hit@1)"),
    )
    axes.draw()
    picture.box(_LEFT, 54, 12, 12, "first")
    picture.text(_LEFT + 18, 65, "among all 1,551 actions")
    picture.box(_LEFT + 200, 54, 12, 12, "third")
    picture.text(_LEFT + 218, 65, "where the connector is known")
    for place, row in enumerate(rows):
        top = 84 + _STEP * place
        picture.text(_LEFT - 8, top + 20, row.name, anchor="end")
        _bar(axes, top + 4, row.everywhere, "first")
        _bar(axes, top + 17, row.scoped, "third")
    return picture.render()


def _bar(axes: Axes, top: float, value: float, ink: Ink) -> None:
    axes.picture.box(axes.left, top, axes.x(value) - axes.left, 11, ink)
    axes.picture.text(axes.x(value) + 6, top + 10, percent(value), kind="small")
