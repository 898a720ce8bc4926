"""The runs of a folder as a table, in which no name is ever cut: one has to type it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agentlab.report.escape import one_line

__all__ = ["RunRow", "print_runs"]

_GIVEN_UP = ("started", "proposals", "kept", "verdict", "status")
"""Columns that go where it is narrow, the first of them first."""

_LEAST_VERDICT = 24
"""Characters of a line below which a verdict is no longer read."""

_GAP = 1


class RunRow(NamedTuple):
    """One run, in words."""

    run: str
    """Its name."""

    status: str
    started: str
    proposals: str
    kept: str
    verdict: str


def print_runs(rows: Sequence[RunRow], console: Console) -> None:
    """Prints a line or more for each run; where it is narrow all gives way to the name."""
    shown = [RunRow(*(one_line(value, limit=200) for value in row)) for row in rows]
    needed = {name: _needed(name, shown) for name in RunRow._fields}
    for name in _GIVEN_UP:
        if sum(needed.values()) + _GAP * (len(needed) - 1) > console.width:
            del needed[name]
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for name in needed:
        table.add_column(name, no_wrap=name != "verdict")
    for row in shown:
        table.add_row(*(Text(getattr(row, name)) for name in needed))
    # A name that is longer than a line goes on in the next, as the terminal has it.
    console.width = max(console.width, needed["run"])
    console.print(table)


def _needed(name: str, rows: Sequence[RunRow]) -> int:
    longest = max(len(name), *(len(getattr(row, name)) for row in rows))
    return min(longest, _LEAST_VERDICT) if name == "verdict" else longest
