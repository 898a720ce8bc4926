"""What each way to rank finds in modules that are held out, read off the page's own table."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.pictures.svg import Axes, Ink, Picture, Scale

__all__ = ["PAGE", "code_search", "rows_of"]

PAGE = Path(__file__).resolve().parents[2] / "docs/code_search.md"

_ROW = re.compile(r"^\| `([^|]+)` \| \.\d+ \| \.\d+ \| (\.\d+) ", re.MULTILINE)
_STEP = 30
_LEFT = 160


def rows_of(page: str) -> list[tuple[str, float]]:
    """Returns the ways to rank, each with its nDCG@10."""
    return [(name, float(ndcg)) for name, ndcg in _ROW.findall(page)]


def code_search() -> str:
    """Returns the picture."""
    rows = sorted(rows_of(PAGE.read_text(encoding="utf-8")), key=lambda row: row[1])
    bottom = 60 + _STEP * len(rows)
    picture = Picture(
        "Functions of the standard library found, in modules that were never seen",
        height=bottom + 58,
        told=", ".join(f"{name}: {ndcg:.3f}" for name, ndcg in rows),
    )
    axes = Axes(picture, _LEFT, 60, 490, bottom - 60, Scale(0, 0.7, (0, 0.2, 0.4, 0.6), "nDCG@10"))
    axes.draw()
    for place, (name, ndcg) in enumerate(rows):
        top = 60 + _STEP * place + 6
        picture.text(_LEFT - 8, top + 14, name, anchor="end")
        ink: Ink = "third" if "words" in name else "first"
        picture.box(_LEFT, top, axes.x(ndcg) - _LEFT, 18, ink)
        picture.text(axes.x(ndcg) + 6, top + 14, f"{ndcg:.3f}", kind="small")
    return picture.render()
