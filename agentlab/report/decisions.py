"""The decisions of a run as a table, and one of them in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agentlab.core.counting import counted
from agentlab.core.decision import Decision
from agentlab.core.task import SplitName
from agentlab.core.trial import TrialRecord
from agentlab.report.escape import for_terminal, one_line
from agentlab.report.format import count, difference
from agentlab.report.sections import metric_name
from agentlab.report.tasks import Changes, change_words

__all__ = ["TaskRow", "print_candidate", "print_decisions", "task_rows"]


class TaskRow(NamedTuple):
    """How a candidate did on one task beside the incumbent, on the same seeds."""

    task: str
    split: SplitName
    pairs: int
    gains: int
    """Pairs that it did better."""

    losses: int
    """Pairs that it did worse."""

    success: float
    incumbent_success: float


def task_rows(
    candidate: Sequence[TrialRecord], incumbent: Sequence[TrialRecord]
) -> tuple[TaskRow, ...]:
    """Returns one row per task and split, most changed first; the sealed test is left out."""
    others = {_pair(record): record for record in incumbent if record.fate.counts}
    found: dict[tuple[str, SplitName], list[tuple[float, float]]] = {}
    for record in candidate:
        other = others.get(_pair(record))
        if record.split in ("train", "validation") and record.fate.counts and other is not None:
            scores = (record.success, other.success)
            found.setdefault((record.task, record.split), []).append(scores)
    rows = [
        TaskRow(
            task,
            split,
            len(scores),
            sum(mine > theirs for mine, theirs in scores),
            sum(mine < theirs for mine, theirs in scores),
            sum(mine for mine, _ in scores) / len(scores),
            sum(theirs for _, theirs in scores) / len(scores),
        )
        for (task, split), scores in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.gains + row.losses), row.split, row.task)))


def print_decisions(decisions: Sequence[Decision], metric: str, console: Console) -> None:
    """Prints one line per proposal."""
    if not decisions:
        console.print("nothing decided yet")
        return
    table = Table(box=None, pad_edge=False)
    has_rounds = any(decision.round is not None for decision in decisions)
    heads = ("verdict", metric_name(metric), "e-value", "pairs", "reason")
    for title in ("", *(["round"] if has_rounds else []), "proposal", *heads):
        is_number = title in ("", "round", "e-value", "pairs")
        table.add_column(title, justify="right" if is_number else "left", no_wrap=is_number)
    for decision in decisions:
        change = decision.differences.get(metric)
        evidence = "" if decision.e_value is None else f"{decision.e_value:,.3g}"
        table.add_row(
            str(decision.number),
            *([str(decision.round)] if has_rounds else []),
            Text(f"{one_line(decision.source)}: {one_line(decision.label)}"),
            Text(decision.verdict.value, style="bold" if decision.verdict == "kept" else ""),
            difference(change) if change else "",
            evidence,
            count(decision.pairs) if decision.pairs else "",
            Text(f"{decision.stage}: {one_line(decision.reason, limit=200)}"),
        )
    console.print(table)


def print_candidate(
    decision: Decision,
    hypothesis: str,
    rows: Sequence[TaskRow],
    changes: Sequence[Changes],
    console: Console,
) -> None:
    """Prints one proposal: what it should change, what was decided, what it won and lost."""
    title = f"#{decision.number} {one_line(decision.source)}: {one_line(decision.label)}"
    console.print(Text(title, style="bold"))
    if hypothesis.strip():
        console.print(Text(for_terminal(hypothesis.strip())))
    console.print()
    console.print(
        Text(
            f"{decision.verdict.value} at the {decision.stage} stage: "
            f"{one_line(decision.reason, limit=400)}"
        )
    )
    if decision.e_value is not None:
        console.print(f"e-value {decision.e_value:,.3g} over {counted(decision.pairs, 'pair')}")
    for metric, change in decision.differences.items():
        console.print(Text(f"  {for_terminal(metric_name(metric))} {difference(change)}"))
    console.print(Text(f"candidate {decision.candidate}, compared with {decision.incumbent}"))
    if changes:
        console.print()
    for found in changes:
        console.print(Text(f"{for_terminal(metric_name(found.metric))}: {change_words(found)}"))
    if rows:
        console.print()
        console.print(_tasks(rows))


def _tasks(rows: Sequence[TaskRow]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("task")
    table.add_column("split")
    for title in ("pairs", "gains", "losses", "success", "incumbent"):
        table.add_column(title, justify="right")
    for row in rows:
        figures = (row.pairs, row.gains, row.losses)
        table.add_row(
            Text(for_terminal(row.task)),
            row.split,
            *(str(figure) for figure in figures),
            f"{row.success:.2f}",
            f"{row.incumbent_success:.2f}",
        )
    return table


def _pair(record: TrialRecord) -> tuple[str, SplitName | None, int, int]:
    return record.task, record.split, record.seed, record.repetition
