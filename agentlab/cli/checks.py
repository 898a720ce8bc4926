"""How lines of `check` and `doctor` are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from agentlab.cli.output import print_json

if TYPE_CHECKING:
    from agentlab.experiment.checking import CheckLine

__all__ = ["show_checks"]


def show_checks(
    lines: Sequence[CheckLine],
    *,
    good: str,
    bad: str,
    as_json: bool,
    numbers: Mapping[str, object] | None = None,
) -> None:
    """Prints each line and a sentence about them all; exits with the highest code that failed.

    Args:
        lines: What was checked.
        good: The sentence where all hold.
        bad: How it begins where not.
        as_json: Whether to print one object instead.
        numbers: Further keys of the object.
    """
    from rich.text import Text

    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal

    failed = [line for line in lines if not line.ok]
    sentence = f"{bad}: {', '.join(line.name for line in failed)}" if failed else good
    if as_json:
        checks = [
            {"name": line.name, "ok": line.ok, "word": _word(line), "detail": line.detail}
            for line in lines
        ]
        print_json({"ok": not failed, "checks": checks, "summary": sentence, **(numbers or {})})
    else:
        console = open_console()
        width = max(len(line.name) for line in lines)
        widest = max(4, *(len(_word(line)) for line in lines))
        for line in lines:
            mark = Text(f"{_word(line):<{widest}} ", style=_style(line))
            text = f"{for_terminal(line.name):<{width}}  {for_terminal(line.detail)}"
            console.print(mark + Text(text), soft_wrap=True)
        console.print(Text(f"\n{sentence}", style="bold"), soft_wrap=True)
    if failed:
        raise typer.Exit(max(line.exit_code for line in failed))


def _word(line: CheckLine) -> str:
    if not line.ok:
        return "FAIL"
    return line.word or "ok"


def _style(line: CheckLine) -> str:
    if not line.ok:
        return "bold red"
    return "yellow" if line.word else "green"
