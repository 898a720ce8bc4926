"""`agentlab diff`: what a candidate changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import Json, Run, Runs

__all__ = ["diff"]

Number = Annotated[
    int | None,
    typer.Argument(metavar="[NUMBER]", help="One proposal; the winner by default."),
]

_STYLES = {"+": "green", "-": "red", "@": "cyan", "d": "bold"}


def diff(
    run: Run = "latest",
    number: Number = None,
    *,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Print what the winner, or one proposal, changes.

    Into a file or a pipe it goes as it is, for `git apply`.
    """
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import decision_numbered, open_run, winner_of
    from agentlab.report.patch import unified_diff

    with open_run(run, runs) as opened:
        name = opened.info.name
        if number is None:
            before, after = opened.store.candidate(name, 0), winner_of(opened)
        else:
            decision = decision_numbered(opened, number)
            before = opened.store.candidate(name, decision.incumbent)
            after = opened.store.candidate(name, decision.candidate)
    patch = unified_diff(before.files, after.files)
    if as_json:
        print_json({"run": name, "from": before.digest, "to": after.digest, "diff": patch})
    elif not patch:
        sys.stderr.write(f"no difference{': nothing was kept' if number is None else ''}\n")
    elif sys.stdout.isatty():
        _print_coloured(patch)
    else:
        sys.stdout.write(patch)


def _print_coloured(patch: str) -> None:
    from rich.text import Text

    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal

    console = open_console()
    for line in patch.split("\n")[:-1]:
        style = "bold" if line.startswith(("+++", "---")) else _STYLES.get(line[:1], "")
        console.print(Text(for_terminal(line), style=style), soft_wrap=True)
