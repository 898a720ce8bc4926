"""A sweep as tables: what each column gained, and beside the one of reference."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agentlab.core.counting import counted
from agentlab.core.sweep import ColumnResult, PointResult, SweepResult
from agentlab.report.escape import one_line
from agentlab.report.format import count, difference, duration, figure

__all__ = ["print_sweep", "to_csv"]


def print_sweep(result: SweepResult, console: Console) -> None:
    """Prints a table for each experiment, and which points have no result."""
    for experiment in dict.fromkeys(column.experiment for column in result.columns):
        columns = [column for column in result.columns if column.experiment == experiment]
        seeds = max(column.seeds for column in columns)
        metric = columns[0].metric.replace("_", " ")
        console.print(f"{experiment}: better {metric} on the sealed test, {counted(seeds, 'seed')}")
        console.print(_table(columns, result.reference))
        console.print()
    for point in result.points:
        if point.problem:
            console.print(
                f"no result: {point.experiment}, {point.column}, seed {point.seed}: "
                f"{one_line(point.problem, limit=200)}"
            )
    if any(column.seeds < 3 for column in result.columns):
        console.print("fewer than three seeds say little: a run's luck is not its searcher's skill")


def to_csv(points: Sequence[PointResult]) -> str:
    """Returns a line for each point, the first one names what stands in them."""
    file = io.StringIO()
    names = [name for name in PointResult.model_fields if name != "gain"]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*names, "gain", "gain_low", "gain_high"])
    for point in points:
        gain = point.gain
        ends = ("", "", "") if gain is None else (gain.estimate, gain.low, gain.high)
        writer.writerow([*(getattr(point, name) for name in names), *ends])
    return file.getvalue()


def _table(columns: Sequence[ColumnResult], reference: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    table.add_column("")
    headings = ("gain", f"beside {reference}", "won, lost", "trials", "per 1,000 trials", "time")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for column in columns:
        is_reference = column.column == reference
        cells = (
            difference(column.gain) if column.seeds > 1 else figure(column.gain.estimate, sign="+"),
            _lead(column),
            "" if is_reference else f"{column.wins}, {column.losses}",
            count(round(column.trials)),
            figure(column.per_1000_trials, sign="+"),
            duration(column.wall_s),
        )
        table.add_row(Text(one_line(column.column)), *cells)
    return table


def _lead(column: ColumnResult) -> str:
    if column.lead is None:
        return ""
    return difference(column.lead) if column.seeds > 1 else figure(column.lead.estimate, sign="+")
