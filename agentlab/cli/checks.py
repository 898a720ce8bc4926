"""How lines of `check` and `doctor` are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from agentlab.cli.output import print_json

if TYPE_CHECKING:
    from agentlab.experiment.session import CheckLine

__all__ = ["show_checks"]


def show_checks(lines: Sequence[CheckLine], *, good: str, bad: str, as_json: bool) -> None:
    """Prints each line and a sentence about them all; exits with 1 if one failed."""
    from rich.text import Text

    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal

    failed = [line.name for line in lines if not line.ok]
    sentence = f"{bad}: {', '.join(failed)}" if failed else good
    if as_json:
        checks = [line._asdict() for line in lines]
        print_json({"ok": not failed, "checks": checks, "summary": sentence})
    else:
        console = open_console()
        width = max(len(line.name) for line in lines)
        for line in lines:
            mark = Text("ok   ", style="green") if line.ok else Text("FAIL ", style="bold red")
            text = f"{for_terminal(line.name):<{width}}  {for_terminal(line.detail)}"
            console.print(mark + Text(text), soft_wrap=True)
        console.print(Text(f"\n{sentence}", style="bold"), soft_wrap=True)
    if failed:
        raise typer.Exit(1)
