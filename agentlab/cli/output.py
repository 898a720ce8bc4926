"""Where things go: the result to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agentlab.report.progress import Screen

__all__ = ["Failure", "print_failure", "print_json", "working"]

_MOST_PROBLEMS = 20


class Failure(NamedTuple):
    """Why a command could not do its work."""

    kind: str
    """Name of the error's class."""

    problems: tuple[str, ...]
    """One message each."""

    exit_code: int
    hints: tuple[str, ...] = ()
    """What to do about it."""


def print_json(value: Mapping[str, object]) -> None:
    """Prints the one JSON object of a command."""
    # ASCII only: what a candidate wrote stays escaped, whatever shows it.
    sys.stdout.write(json.dumps(value, allow_nan=False, indent=2) + "\n")


@contextlib.contextmanager
def working(*, debug: bool = False, as_json: bool = False) -> Iterator[Screen]:
    """Shows progress on stderr and sends there whatever else is printed meanwhile.

    Args:
        debug: Leaves the terminal to a debugger, which must have the real stdin and stdout to edit
            lines; progress is then told in plain lines.
        as_json: Whether stdout is for one JSON object.
    """
    from agentlab.report.progress import PlainProgress, open_screen

    if debug:
        has_terminal = sys.stdout.isatty() and not as_json
        aside = contextlib.nullcontext() if has_terminal else contextlib.redirect_stdout(sys.stderr)
        with aside, PlainProgress(sys.stderr) as plain:
            yield plain
        return
    with contextlib.redirect_stdout(sys.stderr), open_screen(sys.stderr) as screen:
        yield screen


def print_failure(failure: Failure, *, as_json: bool) -> None:
    """Prints why a command could not do its work: an object to stdout, or lines to stderr."""
    from agentlab.report.escape import for_terminal

    if as_json:
        error = {
            "kind": failure.kind,
            "message": "\n".join(failure.problems),
            "problems": failure.problems,
            "hints": failure.hints,
        }
        print_json({"error": error, "exit_code": failure.exit_code})
        return
    for problem in failure.problems[:_MOST_PROBLEMS]:
        sys.stderr.write(f"error: {for_terminal(problem)}\n")
    if len(failure.problems) > _MOST_PROBLEMS:
        sys.stderr.write(f"error: and {len(failure.problems) - _MOST_PROBLEMS:,} more\n")
    for hint in failure.hints:
        sys.stderr.write(f"{for_terminal(hint)}\n")
