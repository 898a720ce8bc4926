"""The one screen at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agentlab.core.pictured import Pictured
from agentlab.report.ceiling import Part, block_of, parts_of
from agentlab.report.escape import for_terminal, one_line
from agentlab.report.findings import findings
from agentlab.report.format import duration
from agentlab.report.pictures import picture_lines
from agentlab.report.record import RunRecord
from agentlab.report.sections import (
    KeptRow,
    Section,
    baseline_names,
    kept_rows,
    next_commands,
    places,
    score_sections,
    shown_path,
    summary_lines,
    versions,
)

__all__ = ["print_pictures", "print_record"]


def print_record(record: RunRecord, console: Console, *, whole: bool = False) -> None:
    """Prints what a run found: verdict, numbers, what was kept, where things lie, what is next.

    Args:
        record: The run's.
        console: Where to.
        whole: Whether versions are told as well, and the ceiling report with all it rests on.
    """
    result = record.result
    head = Text(f"{result.run} · {result.status} in {duration(result.wall_s)}", style="dim")
    console.print(Text(for_terminal(result.verdict), style="bold"))
    console.print(head)
    if sections := score_sections(record):
        console.print()
        console.print(_scores(sections, baseline_names(result)))
    if kept := kept_rows(record):
        console.print(Text("\nKept"))
        for row in kept:
            _print_kept(row, console)
    for title, lines in findings(record):
        _print_lines(title, lines, console)
    if result.ceiling is not None:
        run = shown_path(record.folder)
        block = (block_of(result.ceiling, run),)
        for part in parts_of(result.ceiling, run) if whole else block:
            _print_part(part, console)
    console.print()
    for line in summary_lines(record):
        console.print(Text(for_terminal(line)))
    if whole and (depended := versions(result)):
        console.print(Text("\nVersions"))
        _print_pairs(depended, console)
    print_pictures(record.result.pictured, f"{shown_path(record.folder)}/", console)
    console.print()
    _print_pairs(places(record), console)
    console.print(Text("\nNext"))
    for shows, command in next_commands(record):
        console.print(Padding(Text(for_terminal(shows)), (0, 0, 0, 2)))
        _print_command(command, console)


def print_pictures(pictured: Sequence[Pictured], folder: str, console: Console) -> None:
    """Prints what there is a picture of, and where it lies; nothing where there is none.

    Args:
        pictured: The trials.
        folder: Before their own folders, with a `/` at its end; empty where those are whole.
        console: Where to.
    """
    if lines := picture_lines(pictured, folder):
        console.print(Text("\nPictures"))
    for told, path in lines:
        # Not wrapped: a path is there to be copied.
        console.print(Text(f"  {told}"), soft_wrap=True)
        console.print(Text(f"    {for_terminal(path)}"), soft_wrap=True)


def _print_part(part: Part, console: Console) -> None:
    console.print(Text(f"\n{part.title}", style="bold"))
    for line in part.lines:
        if line.is_command:
            _print_command(line.text, console)
        else:
            console.print(Padding(Text(line.text), (0, 0, 0, 2)))


def _print_command(command: str, console: Console) -> None:
    # On a line of its own, whatever the width: it is there to be pasted.
    console.print(Text(f"    {for_terminal(command)}"), soft_wrap=True)


def _scores(sections: tuple[Section, ...], others: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    # Where it is narrow, an interval may go below its number, but no name may go.
    table.add_column("", no_wrap=True)
    for title in ("baseline", "winner", "difference", *others):
        table.add_column(title, justify="right")
    for place, section in enumerate(sections):
        if place:
            table.add_row()
        table.add_row(Text(section.title, style="bold"))
        for row in section.rows:
            style = "bold" if row.is_clear else ""
            table.add_row(
                Text(f"  {for_terminal(row.name)}"),
                Text(row.baseline),
                Text(row.winner),
                Text(row.difference, style=style),
                *map(Text, row.others),
            )
    return table


def _print_lines(title: str, lines: tuple[str, ...], console: Console) -> None:
    console.print(Text(f"\n{title}"))
    for line in lines:
        console.print(Padding(Text(for_terminal(line)), (0, 0, 0, 2)))


def _print_kept(row: KeptRow, console: Console) -> None:
    title = f"#{row.number} {one_line(row.source)}: {one_line(row.label)}"
    console.print(Padding(Text(title, style="bold"), (0, 0, 0, 2)))
    for line in (one_line(row.hypothesis, limit=200), row.evidence, *row.changes):
        if line:
            console.print(Padding(Text(line), (0, 0, 0, 5)))


def _print_pairs(pairs: tuple[tuple[str, str], ...], console: Console) -> None:
    width = max((len(first) for first, _ in pairs), default=0)
    for first, second in pairs:
        # Not wrapped: a path is there to be copied.
        line = f"  {for_terminal(first):<{width}}  {for_terminal(second)}"
        console.print(Text(line), soft_wrap=True)
