"""What the screen and the report say, in plain rows; how it looks is each medium's own matter.

Text in these rows that a candidate wrote is still as it was written.
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.core.decision import Decision
from agentlab.core.formula import composite
from agentlab.core.result import Comparison, RunResult, Scores, SplitScores, Verified
from agentlab.core.task import SplitName
from agentlab.report.format import (
    count,
    difference,
    duration,
    is_clear,
    with_interval,
)
from agentlab.report.record import RunRecord
from agentlab.report.tasks import change_words
from agentlab.store.looks import Looks

__all__ = [
    "KeptRow",
    "ScoreRow",
    "Section",
    "baseline_names",
    "change_lines",
    "evidence",
    "kept_rows",
    "looks_line",
    "metric_name",
    "next_commands",
    "places",
    "score_sections",
    "shown_path",
    "summary_lines",
    "versions",
]

_PER_SOLVED = "context_tokens_per_solved"

_COMPARED_WHERE_SOLVED = ("context_tokens", "cost_usd")


class ScoreRow(NamedTuple):
    """One metric of both candidates."""

    name: str
    baseline: str
    winner: str
    difference: str
    is_clear: bool
    """Whether the interval of the difference leaves out 0."""

    others: tuple[str, ...] = ()
    """What the searches to compare with came to, in their order."""


class Section(NamedTuple):
    """The rows of one split."""

    title: str
    rows: tuple[ScoreRow, ...]


class KeptRow(NamedTuple):
    """A candidate that was kept, and why."""

    number: int
    source: str
    label: str
    hypothesis: str
    evidence: str
    changes: tuple[str, ...] = ()
    """What it won and lost by task, a line for each metric."""


def score_sections(record: RunRecord) -> tuple[Section, ...]:
    """Returns train, validation and sealed test, those that were measured."""
    splits: tuple[tuple[SplitName, str], ...] = (
        ("train", "groups seen (train)"),
        ("validation", "validation, fresh seeds"),
        ("test", "sealed test"),
    )
    sections = [Section(title, tuple(_score_rows(record, split))) for split, title in splits]
    return tuple(section for section in sections if section.rows)


def kept_rows(record: RunRecord) -> tuple[KeptRow, ...]:
    """Returns the candidates that were kept, in the order of the proposals."""
    return tuple(
        KeptRow(
            decision.number,
            decision.source,
            decision.label,
            record.hypotheses.get(decision.candidate, ""),
            evidence(decision, record.metric),
            change_lines(record, decision),
        )
        for decision in record.result.kept
    )


def evidence(decision: Decision, metric: str) -> str:
    """Returns the difference at the stage where it ended, the pairs and the e-value.

    Args:
        decision: What was decided.
        metric: Of the objective; where a second aim decided, that one's is shown.
    """
    parts = []
    tested = decision.tested[0].metric if decision.tested else metric
    metric = tested if tested in decision.differences else metric
    if (change := decision.differences.get(metric)) is not None:
        parts.append(f"{metric_name(metric)} {difference(change)}")
    if decision.pairs:
        parts.append(counted(decision.pairs, "pair"))
    if decision.e_value is not None:
        parts.append(f"e-value {decision.e_value:,.3g}")
    return ", ".join(parts)


def change_lines(record: RunRecord, decision: Decision) -> tuple[str, ...]:
    """Returns what a proposal won and lost by task: a line for each metric in which it did."""
    return tuple(
        f"{metric_name(changes.metric)}: {change_words(changes)}"
        for changes in record.changes.get(decision.number, ())
    )


def baseline_names(result: RunResult) -> tuple[str, ...]:
    """Returns the heads of the columns of the searches to compare with."""
    return tuple(one.name for one in result.baselines)


def looks_line(looks: Looks) -> str:
    """Returns who has looked at the sealed test; empty if only this run has, once."""
    if looks.all < 2:
        return ""
    parts = (
        (looks.earlier, "by earlier runs on the same instances"),
        (looks.by_run, "by this run"),
        (looks.by_evaluate, "by agentlab evaluate"),
        (looks.by_promote, "by agentlab promote"),
    )
    told = ", ".join(f"{number} {who}" for number, who in parts if number)
    return f"the test of this run has been looked at {looks.all} times: {told}"


def summary_lines(record: RunRecord) -> tuple[str, ...]:
    """Returns counts, where the trials went, and how candidates were contained."""
    result, counts = record.result, record.result.candidates
    spent = Counter[str]()
    for decision in record.decisions:
        if not decision.is_canary:
            spent[decision.stage] += decision.trials
    canaries = result.canaries.trials if result.canaries else 0
    stages = [f"{count(spent[s])} at {s}" for s in ("smoke", "halving", "gate") if spent[s]]
    coupling = sum(one.coupling.trials for one in result.rounds if one.coupling)
    others = result.trials - sum(spent.values()) - canaries - coupling
    went = [f"on proposals that ended {', '.join(stages)}"] if stages else []
    went += [f"{count(canaries)} on canaries"] if canaries else []
    went += [f"{count(coupling)} on whether components are coupled"] if coupling else []
    went += [f"{count(others)} on the baseline and the final measurement"] if others > 0 else []
    lost = f"; {count(result.infra_trials)} lost to our side" if result.infra_trials else ""
    lines = [
        f"{counted(counts.proposed, 'proposal')}: {counts.kept} kept, "
        f"{counts.discarded} discarded, {counts.undecided} undecided, {counts.invalid} invalid"
        + (f"; ended by {result.stopped_by}" if result.stopped_by else ""),
        f"{counted(result.trials, 'trial')} in {duration(result.wall_s)}: {'; '.join(went)}{lost}",
    ]
    if result.canaries and not counts.proposed:
        lines = lines[1:]
    lines += (_compared(one, record.metric) for one in result.baselines)
    if not result.is_tested:
        lines.append(f"kept by '{result.rule}', which is no test: some keeps may be luck")
    if result.verified is not None:
        lines.append(_verified_line(result.verified))
    if result.sandbox:
        isolated = "" if result.sandbox != "plain" else ": candidates were NOT isolated"
        lines.append(f"sandbox {result.sandbox}{isolated}")
    if result.accepted_leaks:
        lines.append(
            f"{counted(result.accepted_leaks, 'pair')} of tasks in different splits say nearly the "
            "same: accepted by accept: [leaks]"
        )
    if looked := looks_line(record.looks):
        lines.append(looked)
    return tuple(lines)


def versions(result: RunResult) -> tuple[tuple[str, str], ...]:
    """Returns what outcomes depend on, data included, by name with its version or hash."""
    return tuple(sorted(result.fingerprint.items()))


def _compared(one: Comparison, metric: str) -> str:
    """Returns what a search to compare with took, and how far the winner is ahead of it."""
    ahead = one.lead.test.get(metric)
    lead = f"; on the test, the winner minus this: {difference(ahead)}" if ahead else ""
    return (
        f"{one.name}, to compare: {counted(one.trials, 'trial')} for the search's "
        f"{count(one.trials_given)}, {counted(one.proposals, 'proposal')}, {count(one.kept)} "
        f"gone on from{lead}"
    )


def _verified_line(verified: Verified) -> str:
    """Returns what came of running trials again that had been answered from the store."""
    share = (
        f"{count(verified.rerun)} of {counted(verified.answered, 'trial')} answered from the store"
    )
    if not verified.rerun:
        return f"verified {share}: nothing to compare"
    if not verified.differing:
        return f"verified {share}: all the same when run again"
    came = f"{count(verified.differing)} came out otherwise"
    if verified.change is not None:
        came += f", success {difference(verified.change)}"
    if not verified.disagrees:
        return f"verified {share}: {came}, as this world varies"
    return f"verified {share}: THE STORE DISAGREES: {came}; {verified.example}"


def next_commands(record: RunRecord) -> tuple[tuple[str, str], ...]:
    """Returns what one would look at next: what it shows, and the command."""
    run = shlex.quote(shown_path(record.folder))
    every = ("every decision and its reason", f"agentlab show {run}")
    if not record.result.kept:
        return (every,)
    changes = ("what the winner changes", f"agentlab diff {run}")
    if record.is_of_script:
        return (changes, every)
    again = f"agentlab evaluate {run}/experiment.yaml --run {run} --seeds 0:6"
    return (changes, every, ("the winner on other seeds", again))


def places(record: RunRecord) -> tuple[tuple[str, str], ...]:
    """Returns what lies where in the run's folder, of what is there."""
    run = shown_path(record.folder)
    named = (
        ("candidates", "repository"),
        ("record", "agentlab.sqlite"),
        ("report", "report.md"),
        ("pictures", "evidence"),
        ("experiment", "experiment.yaml"),
    )
    return tuple((name, f"{run}/{file}") for name, file in named if (record.folder / file).exists())


def shown_path(path: Path) -> str:
    """Returns a path as one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def metric_name(metric: str, cost_kind: str = "none") -> str:
    """Returns a metric's name in words."""
    if metric == "cost_usd":
        return f"{cost_kind} cost, USD" if cost_kind != "none" else "cost, USD"
    return metric if composite(metric) else metric.replace("_", " ")


def _score_rows(record: RunRecord, split: SplitName) -> list[ScoreRow]:
    def of(scores: SplitScores) -> Scores:
        return scores.of(split)

    result = record.result
    baseline, winner, change = of(result.baseline), of(result.winner), of(result.difference)
    both = of(result.solved_by_both)
    others = [of(one.scores) for one in result.baselines]
    rows: list[ScoreRow] = []
    for metric in dict.fromkeys((*baseline, *winner)):
        if metric == _PER_SOLVED:
            continue
        name = metric_name(metric, record.cost_kind)
        rows.append(_row(name, metric, (baseline, winner, *others), change))
        if metric == "context_tokens" and (_PER_SOLVED in baseline or _PER_SOLVED in winner):
            per_solved = "  per solved task"
            rows.append(_row(per_solved, _PER_SOLVED, (baseline, winner, *others), change))
        if metric in _COMPARED_WHERE_SOLVED and metric in both:
            nothing: Scores = {}
            empty = (nothing, nothing, *(nothing for _ in others))
            rows.append(_row("  where both solve", metric, empty, both))
    return rows


def _row(name: str, metric: str, columns: Sequence[Scores], change: Scores) -> ScoreRow:
    differs = change.get(metric)
    baseline, winner, *others = (
        with_interval(scores[metric]) if metric in scores else "" for scores in columns
    )
    return ScoreRow(
        name,
        baseline,
        winner,
        difference(differs) if differs else "",
        differs is not None and is_clear(differs),
        tuple(others),
    )
