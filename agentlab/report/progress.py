"""Progress on stderr: one live line where there is a terminal, else a plain one now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from agentlab.core.counting import counted
from agentlab.core.decision import Decision, Verdict
from agentlab.core.progress import Observer, Progress
from agentlab.report.escape import for_terminal, one_line
from agentlab.report.format import count, duration, with_interval
from agentlab.report.sections import metric_name

__all__ = ["LiveProgress", "PlainProgress", "Screen", "describe", "open_screen"]

_PLAIN_EVERY_S = 5.0

_PHASES = {
    "start": "starting",
    "check": "first trials",
    "search": "searching",
    "validation": "measuring",
    "test": "sealed test",
    "done": "done",
}


class Screen(Observer, Protocol):
    """An observer that holds a part of the terminal while it is entered."""

    def __enter__(self) -> Self:
        """Takes it."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Gives it back."""
        ...


def open_screen(stream: TextIO) -> Screen:
    """Returns the observer that fits a stream."""
    return LiveProgress(stream) if stream.isatty() else PlainProgress(stream)


def describe(progress: Progress) -> str:
    """Returns a snapshot in one line."""
    planned = f"/{progress.proposals_planned}" if progress.proposals_planned else ""
    parts = [_PHASES[progress.phase]]
    if progress.message:
        parts[0] += f": {for_terminal(progress.message)}"
    if progress.proposal and progress.phase == "search":
        stage = f" {progress.stage}" if progress.stage else ""
        parts.append(
            f"proposal {progress.proposal}{planned}{stage}: {one_line(progress.label, limit=40)}"
        )
    if progress.planned or progress.trials:
        of = (
            f"{count(progress.done)} of {counted(progress.planned, 'trial')}"
            if progress.planned
            else ""
        )
        rate = f", {progress.trials_per_s:.1f}/s" if progress.trials_per_s else ""
        parts.append(f"{of or counted(progress.trials, 'trial')}{rate}")
    if progress.best is not None:
        best = f"{metric_name(progress.best_metric)} {with_interval(progress.best)}"
        parts.append(f"best {best} on train")
    if progress.phase == "search":
        parts.append(f"{progress.kept} kept")
    if progress.left_s is not None:
        parts.append(f"{duration(progress.left_s)} left")
    return " · ".join(parts)


class PlainProgress:
    """Lines for a file or a log: every note and every keep, and how it goes every few seconds."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._told_at = float("-inf")
        self._phase = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.flush()

    def progress(self, progress: Progress) -> None:
        """Writes a line when the phase changes or some seconds have passed."""
        is_due = self._clock() - self._told_at >= _PLAIN_EVERY_S
        if is_due or progress.phase != self._phase:
            self._phase, self._told_at = progress.phase, self._clock()
            self._write(describe(progress))

    def decided(self, decision: Decision) -> None:
        """Writes a line for a keep."""
        if decision.verdict is Verdict.KEPT:
            self._write(_kept(decision))

    def note(self, message: str) -> None:
        """Writes the line."""
        self._write(for_terminal(message))

    def _write(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


class LiveProgress:
    """One line that is rewritten in place; keeps and notes scroll by above it."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._spinner = Spinner("dots", text=Text("starting"))
        self._live = Live(
            self._spinner, console=self._console, transient=True, redirect_stdout=False
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def progress(self, progress: Progress) -> None:
        """Shows the snapshot."""
        self._spinner.update(text=Text(describe(progress)))

    def decided(self, decision: Decision) -> None:
        """Shows a keep."""
        if decision.verdict is Verdict.KEPT:
            self._console.print(Text(_kept(decision), style="green"))

    def note(self, message: str) -> None:
        """Shows the line."""
        # Not wrapped: it may hold a command to be pasted.
        self._console.print(Text(for_terminal(message)), soft_wrap=True)


def _kept(decision: Decision) -> str:
    title = f"{one_line(decision.source)}: {one_line(decision.label)}"
    return f"kept #{decision.number} {title} ({one_line(decision.reason, limit=200)})"
