"""The report of a run in Markdown: the same content as the screen."""

from __future__ import annotations

from collections.abc import Iterator

from agentlab.core.counting import counted
from agentlab.report.ceiling import parts_of
from agentlab.report.escape import for_markdown
from agentlab.report.findings import findings
from agentlab.report.format import duration
from agentlab.report.pictures import picture_sections
from agentlab.report.readiness import readiness_lines
from agentlab.report.record import RunRecord
from agentlab.report.sections import (
    baseline_names,
    change_lines,
    evidence,
    kept_rows,
    next_commands,
    places,
    score_sections,
    shown_path,
    summary_lines,
    versions,
)

__all__ = ["to_markdown"]


def to_markdown(record: RunRecord) -> str:
    """Returns the report; whatever a candidate wrote is shown as plain text."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: RunRecord) -> Iterator[str]:
    result = record.result
    yield f"# {for_markdown(result.run)}"
    yield f"\n**{for_markdown(result.verdict)}**"
    yield f"\n{result.status} in {duration(result.wall_s)}"
    for section in score_sections(record):
        yield f"\n## {section.title.capitalize()}\n"
        heads = ("baseline", "winner", "difference", *baseline_names(result))
        yield f"| metric | {' | '.join(heads)} |"
        yield f"|---|{'---:|' * len(heads)}"
        for row in section.rows:
            change = f"**{row.difference}**" if row.is_clear else row.difference
            cells = (for_markdown(row.name), row.baseline, row.winner, change, *row.others)
            yield f"| {' | '.join(cells)} |"
    if kept := kept_rows(record):
        yield "\n## Kept\n"
        for kept_row in kept:
            title = f"{kept_row.source}: {kept_row.label}"
            figures = for_markdown(kept_row.evidence)
            yield f"- **\\#{kept_row.number} {for_markdown(title)}** ({figures})  "
            yield f"  {for_markdown(kept_row.hypothesis)}"
    if sections := picture_sections(result.pictured, record.folder):
        yield "\n## Pictures"
        for title, links in sections:
            yield f"\n{title}\n"
            yield from links
    for title, lines in findings(record):
        yield f"\n## {title}\n"
        yield from (f"- {for_markdown(line)}" for line in lines)
    if readiness := result.readiness:
        trials = counted(readiness.trials, "trial")
        yield f"\n## What was known before the first proposal, from {trials}\n"
        yield from (
            f"- {for_markdown(line.name)}: {for_markdown(line.detail)}"
            for line in readiness_lines(readiness)
        )
    yield "\n## What it took\n"
    yield from (f"- {for_markdown(line)}" for line in summary_lines(record))
    yield from _ceiling(record)
    yield from _decisions(record)
    yield from _changes(record)
    if depended := versions(record.result):
        yield "\n## Versions\n"
        yield from (f"- {for_markdown(f'{name}: {version}')}" for name, version in depended)
    yield "\n## Where it lies\n"
    yield from (f"- {name}: `{path}`" for name, path in places(record))
    yield "\n## Next\n"
    yield from (f"- {shows}: `{command}`" for shows, command in next_commands(record))


def _ceiling(record: RunRecord) -> Iterator[str]:
    if record.result.ceiling is None:
        return
    first, *others = parts_of(record.result.ceiling, shown_path(record.folder))
    yield f"\n## {first.title}\n"
    yield from (f"- {for_markdown(line.text)}" for line in first.lines)
    for part in others:
        yield f"\n### {part.title}\n"
        # A command is shown as it stands, fenced by more backticks than it could hold.
        for line in part.lines:
            text = for_markdown(line.text)
            yield f"  ````{line.text}````" if line.is_command else f"- {text}"


def _decisions(record: RunRecord) -> Iterator[str]:
    if not record.decisions:
        return
    yield "\n## Every proposal\n"
    has_rounds = any(decision.round is not None for decision in record.decisions)
    yield f"| | {'round | ' if has_rounds else ''}proposal | verdict | stage | evidence | reason |"
    yield f"|---:|{'---:|' if has_rounds else ''}---|---|---|---|---|"
    for decision in record.decisions:
        title = for_markdown(f"{decision.source}: {decision.label}")
        figures = for_markdown(evidence(decision, record.metric))
        yield (
            f"| {decision.number} | {f'{decision.round} | ' if has_rounds else ''}{title} "
            f"| {decision.verdict.value} | {decision.stage} "
            f"| {figures} | {for_markdown(decision.reason)} |"
        )


def _changes(record: RunRecord) -> Iterator[str]:
    changed = [decision for decision in record.decisions if change_lines(record, decision)]
    if changed:
        yield "\n## Gains and losses by task\n"
    for decision in changed:
        lines = "; ".join(change_lines(record, decision))
        yield f"- \\#{decision.number} {decision.verdict.value}: {for_markdown(lines)}"
