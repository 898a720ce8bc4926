"""What ideas for the ranker of places are worth alone: the table of the page, drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from scripts.pictures.svg import WIDTH, Ink, Picture, Scale

__all__ = ["Row", "hybrid_rank", "rows"]

PAGE = Path(__file__).resolve().parents[2] / "docs/hybrid_rank.md"

_NUMBER = r"[+-][\d.]+"
_ROW = re.compile(
    rf"^\| (?P<name>[\w-]+) \|.*\| (?P<mean>{_NUMBER}) "
    rf"\[(?P<low>{_NUMBER}), (?P<high>{_NUMBER})\] \|$",
    re.MULTILINE,
)
_SCALE = Scale(-0.09, 0.06, (-0.08, -0.04, 0, 0.04), "")
_LEFT, _RIGHT, _TOP, _STEP = 250, WIDTH - 30, 58, 17


class Row(NamedTuple):
    """A line of the table."""

    name: str
    mean: float
    low: float
    high: float


def rows() -> list[Row]:
    """Returns the lines of the page's table but the naive one, the best first."""
    found = [
        Row(row["name"], float(row["mean"]), float(row["low"]), float(row["high"]))
        for row in _ROW.finditer(_table(PAGE.read_text(encoding="utf-8")))
        if row["name"] != "naive"
    ]
    return sorted(found, key=lambda row: -row.mean)


def _table(page: str) -> str:
    """Returns what stands behind the table's mark, up to an empty line."""
    return page.partition("<!-- table: ideas -->\n")[2].partition("\n\n")[0]


def hybrid_rank() -> str:
    """Returns the picture."""
    drawn = rows()
    bottom = _TOP + _STEP * len(drawn)
    picture = Picture(
        "What baselines and single ideas change, with 95 % intervals",
        height=bottom + 50,
        told="; ".join(f"{row.name} {row.mean:+.3f}" for row in drawn),
    )
    for tick in _SCALE.ticks:
        picture.line([(_x(tick), _TOP - 8), (_x(tick), bottom)], "faint", width=1, opacity=0.4)
        picture.text(_x(tick), bottom + 16, f"{tick:+.2f}" if tick else "0", anchor="middle")
    for place, row in enumerate(drawn):
        y = _TOP + _STEP * place + 4
        ink: Ink = "third" if row.low > 0 else "second" if row.high < 0 else "first"
        picture.text(_LEFT - 12, y + 4, row.name, kind="small", anchor="end")
        picture.line([(_x(row.low), y), (_x(row.high), y)], ink)
        picture.line([(_x(row.mean), y - 4), (_x(row.mean), y + 4)], ink, width=4)
    picture.text(
        (_LEFT + _RIGHT) / 2,
        bottom + 38,
        "change of 0.8 P@12 + 0.2 MRR, train and validation queries",
        anchor="middle",
    )
    return picture.render()


def _x(value: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * _SCALE.share(value)
