"""The screen of a promotion."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agentlab.core.counting import counted
from agentlab.core.decision import Estimate
from agentlab.core.measured import is_absolute
from agentlab.core.promotion import BenchmarkReport, Evidence, Finding, Promotion
from agentlab.report.escape import for_terminal, one_line
from agentlab.report.format import count, difference, with_interval
from agentlab.report.sections import metric_name, shown_path

__all__ = ["print_promotion"]

_HEADS = {
    "promoted": "promoted: {winner} may replace {incumbent}",
    "refused": "refused: {winner} may not replace {incumbent}",
    "undecided": "undecided: {winner} is not shown to be able to replace {incumbent}",
}


def print_promotion(
    promotion: Promotion, place: Path, console: Console, *, signer: str | None
) -> None:
    """Prints what was decided, the numbers of every benchmark, and why.

    Args:
        promotion: The record.
        place: Where it lies.
        console: Where to print.
        signer: Fingerprint of the key that signed it; None where nobody did.
    """
    ruling = promotion.ruling
    head = _HEADS[ruling.verdict].format(
        winner=one_line(promotion.winner.name), incumbent=one_line(promotion.incumbent.name)
    )
    console.print(Text(head, style="bold"), soft_wrap=True)
    on = counted(len(promotion.benchmarks), "benchmark")
    about = f"{promotion.policy} on {on}, decided {promotion.decided_at}"
    console.print(Text(about, style="dim"))
    console.print()
    console.print(_table(promotion))
    console.print()
    for reason in ruling.reasons:
        title = Text(f"{one_line(reason.benchmark)}: {metric_name(one_line(reason.metric))}: ")
        title.stylize("bold")
        console.print(title + Text(for_terminal(reason.text)), soft_wrap=True)
    console.print()
    for benchmark in promotion.benchmarks:
        console.print(Padding(Text(_measured(benchmark)), (0, 0, 0, 2)))
    signed = f"signed by {signer[:16]}" if signer else "not signed"
    console.print(Text(f"\nrecord {for_terminal(shown_path(place))}, {signed}"), soft_wrap=True)


def _table(promotion: Promotion) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for title in ("incumbent", "winner", "better by", "margin"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("no loss")
    table.add_column("gain")
    for place, benchmark in enumerate(promotion.benchmarks):
        if place:
            table.add_row()
        table.add_row(Text(f"{one_line(benchmark.name)}, {benchmark.split}", style="bold"))
        for finding in benchmark.findings:
            table.add_row(*_cells(finding))
    return table


def _cells(finding: Finding) -> tuple[Text, ...]:
    is_share = is_absolute(finding.metric)
    return (
        Text(f"  {metric_name(one_line(finding.metric))}"),
        Text(with_interval(finding.incumbent) if finding.incumbent else ""),
        Text(with_interval(finding.winner) if finding.winner else ""),
        Text(_improvement(finding.improvement, is_share=is_share)),
        Text(f"{finding.margin:g}" if is_share else f"{finding.margin * 100:g} %"),
        _word(finding.no_regression, {"yes": "shown", "no": "LOSS", "open": "open"}),
        _word(finding.gain, {"yes": "shown", "no": "none", "open": "open"}),
    )


def _improvement(value: Estimate | None, *, is_share: bool) -> str:
    if value is None:
        return ""
    if is_share or value.low == value.high == 0:
        return difference(value)
    middle, low, high = (f"{100 * x:+.3g}" for x in (value.estimate, value.low, value.high))
    return f"{middle} % [{low}, {high}]"


def _word(evidence: Evidence | None, words: dict[str, str]) -> Text:
    if evidence is None:
        return Text("")
    styles = {"yes": "green", "no": "bold red", "open": "yellow"}
    return Text(words[evidence.answer], style=styles[evidence.answer])


def _measured(benchmark: BenchmarkReport) -> str:
    on = counted(len(benchmark.seeds), "task")
    on += f" x {counted(benchmark.blocks, 'seed')}" if benchmark.blocks else ", a fixed data set"
    lost = f", {count(benchmark.infra_trials)} lost to our side" if benchmark.infra_trials else ""
    walls = "" if benchmark.sandbox != "plain" else ": candidates were NOT isolated"
    return (
        f"{one_line(benchmark.name)}: {counted(benchmark.trials, 'trial')} on {on}{lost}; "
        f"sandbox {one_line(benchmark.sandbox)}{walls}"
    )
