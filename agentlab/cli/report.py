"""`agentlab report`: what a run found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import Json, Run, Runs

__all__ = ["report"]

Markdown = Annotated[bool, typer.Option("--markdown", help="Print the report in Markdown.")]


def report(
    run: Run = "latest",
    *,
    markdown: Markdown = False,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Show the result of a finished run again."""
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import open_run, record_of
    from agentlab.report.console import open_console
    from agentlab.report.markdown import to_markdown
    from agentlab.report.terminal import print_record

    if markdown and as_json:
        raise typer.BadParameter("--markdown and --json are two forms; give one of them")
    with open_run(run, runs) as opened:
        record = record_of(opened)
    if as_json:
        print_json(record.result.model_dump(mode="json"))
    elif markdown:
        sys.stdout.write(to_markdown(record))
    else:
        print_record(record, open_console(), whole=True)
