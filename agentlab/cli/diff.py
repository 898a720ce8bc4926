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
    from agentlab.cli.reading import decision_numbered, open_run
    from agentlab.report.patch import unified_diff
    from agentlab.report.record import read_decisions

    with open_run(run, runs) as opened:
        name = opened.info.name
        if number is None:
            kept = [d for d in read_decisions(opened.store, name) if d.verdict == "kept"]
            before = opened.store.candidates(name)[0].digest
            after = kept[-1].candidate if kept else before
        else:
            decision = decision_numbered(opened, number)
            before, after = decision.incumbent, decision.candidate
        patch = unified_diff(
            opened.store.candidate(name, before).files, opened.store.candidate(name, after).files
        )
    if as_json:
        print_json({"run": name, "from": before, "to": after, "diff": patch})
    elif not patch:
        sys.stderr.write(
            "no difference: nothing was kept\n" if number is None else "no difference\n"
        )
    elif sys.stdout.isatty():
        _print_coloured(patch)
    else:
        sys.stdout.write(patch)


def _print_coloured(patch: str) -> None:
    from rich.text import Text

    from agentlab.report.escape import for_terminal
    from agentlab.report.terminal import open_console

    console = open_console()
    for line in patch.split("\n")[:-1]:
        style = "bold" if line.startswith(("+++", "---")) else _STYLES.get(line[:1], "")
        console.print(Text(for_terminal(line), style=style), soft_wrap=True)
