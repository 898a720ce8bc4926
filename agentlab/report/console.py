"""Where tables and lines are printed."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console

__all__ = ["open_console"]

_WIDTH_OF_A_FILE = 110


def open_console(stream: TextIO | None = None) -> Console:
    """Returns a console on a stream, by default stdout; a file is wide enough for tables."""
    stream = stream or sys.stdout
    width = None if stream.isatty() else _WIDTH_OF_A_FILE
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)
