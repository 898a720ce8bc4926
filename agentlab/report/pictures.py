"""Pictures of the worst and the best trials: what they are of, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.pictured import Pictured, Which
from agentlab.report.escape import for_markdown, one_line
from agentlab.report.format import figure

__all__ = ["MAX_SHOWN_BYTES", "picture_lines", "picture_sections"]

MAX_SHOWN_BYTES = 2 << 20
"""Of one picture; a larger one is a link in the report."""

_SHOWN = 2
"""Pictures of one trial that the report shows; the others are links."""

_BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
}
_WORDS: dict[Which, str] = {"worst": "worst failing", "best": "best"}


class _Section(NamedTuple):
    title: str
    lines: tuple[str, ...]
    """In Markdown."""


def picture_lines(pictured: Sequence[Pictured], folder: str) -> tuple[tuple[str, str], ...]:
    """Returns what each trial is, and the file to open first; harmless in a terminal.

    Args:
        pictured: The trials.
        folder: Before their own folders, with a `/` at its end; empty where those are whole.
    """
    return tuple(
        (_told(one), f"{folder}{one.folder}/{name}")
        for one in pictured
        if (name := next(iter(sorted(one.files, key=_is_other)), ""))
    )


def picture_sections(pictured: Sequence[Pictured], folder: Path) -> tuple[_Section, ...]:
    """Returns a section in Markdown for each trial; it shows what is a picture and not too large.

    Args:
        pictured: The trials.
        folder: The run's, to which paths in the report are relative.
    """
    return tuple(_Section(for_markdown(_told(one)), tuple(_links(one, folder))) for one in pictured)


def _links(one: Pictured, folder: Path) -> Iterator[str]:
    shown = 0
    for name in one.files:
        path = f"{one.folder}/{name}"
        is_shown = shown < _SHOWN and _is_picture(folder / path)
        shown += is_shown
        yield f"{'!' if is_shown else ''}[{for_markdown(f'{_title(one)}: {name}')}]({path})"


def _is_picture(file: Path) -> bool:
    beginnings = _BEGINNINGS.get(file.suffix.lower(), ())
    if not beginnings or not file.is_file() or file.stat().st_size > MAX_SHOWN_BYTES:
        return False
    with file.open("rb") as opened:
        return opened.read(16).startswith(beginnings)


def _is_other(name: str) -> tuple[bool, bool]:
    """Orders names: what moves, what is a picture, the rest."""
    suffix = Path(name).suffix.lower()
    return suffix not in (".gif", ".mp4"), suffix not in _BEGINNINGS


def _title(one: Pictured) -> str:
    return _WORDS[one.which] if one.who == "target" else f"{one.who}, {_WORDS[one.which]}"


def _told(one: Pictured) -> str:
    why = f" ({one_line(one.reason, limit=80)})" if one.reason else ""
    return (
        f"{_title(one)}: {one_line(one.task, limit=60)}, seed {one.seed} of {one.split}, "
        f"{one.fate.value}, success {figure(one.success, 2)}{why}"
    )
