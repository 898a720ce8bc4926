"""What keep rules make of planted proposals: the table of the benchmark, and its picture."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from scripts.pictures.svg import Axes, Ink, Picture, Scale, percent
from tests.benchmarks.keep_rules import SEEDED, Row, ours, peers, row_of
from tests.benchmarks.rules.worlds import PROPOSALS, Plan

__all__ = ["PLAN", "REPLICATES", "keep_rules", "measured", "table"]

PLAN = Plan("binary", 0.10)
REPLICATES = 200
_STEP = 27
_LEGEND: tuple[tuple[float, Ink, str], ...] = (
    (212, "first", "better in truth"),
    (330, "second", "no better"),
)


@functools.cache
def measured(replicates: int = REPLICATES) -> Mapping[str, Row]:
    """Returns what each rule comes to, ours first; most of a minute."""
    rules = [*ours(SEEDED), *peers()]
    return {name: row_of(PLAN, run, replicates) for name, run in rules}


def table(rows: Mapping[str, Row]) -> str:
    """Returns them as the page's table."""
    lines = [
        "| rule | kept | of these false | true ones found | trials | true gain | reported - true |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {row.keeps:.2f} | {percent(row.false_share, digits=1)} "
            f"| {percent(row.kept_share)} | {row.trials:,.0f} | {row.gain:+.2f} | {row.bias:+.3f} |"
        )
    return "\n".join(lines)


def keep_rules(rows: Mapping[str, Row]) -> str:
    """Returns the picture."""
    bottom = 92 + _STEP * len(rows)
    picture = Picture(
        f"{PROPOSALS} proposals of which {percent(PLAN.helpful)} help: "
        "what is kept, what is reported",
        height=bottom + 58,
        told=", ".join(f"{name}: {_false(row)}" for name, row in rows.items()),
    )
    kept = Axes(
        picture, 212, 92, 240, bottom - 92, Scale(0, 6, (0, 2, 4, 6), "candidates kept in a run")
    )
    told = Axes(
        picture,
        502,
        92,
        160,
        bottom - 92,
        Scale(0, 0.2, (0, 0.1, 0.2), "success", "{:+g}"),
    )
    kept.draw()
    told.draw()
    for at, ink, words in _LEGEND:
        picture.box(at, 66, 12, 12, ink)
        picture.text(at + 18, 77, words)
    picture.text(told.left, 60, "reported score", kind="bold")
    picture.text(told.left, 77, "minus true score", kind="bold")
    for place, (name, row) in enumerate(rows.items()):
        _draw(picture, (kept, told), 92 + _STEP * place, name, row)
    return picture.render()


def _draw(picture: Picture, axes: tuple[Axes, Axes], top: float, name: str, row: Row) -> None:
    kept, told = axes
    is_ours = name.startswith("agentlab")
    picture.text(kept.left - 8, top + 15, name, anchor="end", kind="bold" if is_ours else "")
    middle = kept.x(row.true_kept)
    picture.box(kept.left, top + 3, middle - kept.left, _STEP - 9, "first")
    end = kept.x(row.true_kept + row.false)
    picture.box(middle, top + 3, end - middle, _STEP - 9, "second")
    picture.text(end + 6, top + 16, _false(row), kind="small")
    bias = told.x(max(0.0, row.bias))
    picture.box(told.left, top + 3, max(1.0, bias - told.left), _STEP - 9, "third")
    picture.text(max(bias, told.left + 1) + 6, top + 16, _bias(row), kind="small")


def _false(row: Row) -> str:
    return f"{percent(row.false_share, digits=1)} false"


def _bias(row: Row) -> str:
    # Without the sign of a zero.
    return f"{round(row.bias, 2) + 0.0:+.2f}"
