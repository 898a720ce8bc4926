"""One foreign command with a deadline: what it said, how it ended, and nothing of it left."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Ended", "run_command"]

_KEPT = 32 * 1024
_TICK_S = 0.2
_GRACE_S = 10.0


class Ended(NamedTuple):
    """How a command ended."""

    code: int | None
    """Its exit code, negative for a signal; None where it was ended because its time was over."""

    said: str
    """The first and the last 32 KiB of what it wrote to stdout and stderr."""

    wall_s: float


def run_command(
    words: Sequence[str],
    *,
    folder: Path,
    variables: Mapping[str, str],
    wall_s: float,
    stop: threading.Event,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Runs a command to its end or to its deadline; raises KeyboardInterrupt where it is stopped.

    Args:
        words: The command. It must take all that it starts with it when it is asked to end, as a
            keeper does.
        folder: Its current folder.
        variables: Its whole environment.
        wall_s: When it is ended, seconds.
        stop: Set by whoever wants it ended before that.
        clock: Seconds.

    Raises:
        OSError: it cannot be started.
    """
    began = clock()
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(variables),
        # Not in the terminal's group: a Ctrl-C is ours to answer.
        start_new_session=True,
    )
    said = _Said()
    try:
        code = _attend(process, said, deadline=began + wall_s, stop=stop, clock=clock)
    finally:
        _end(process)
    return Ended(code, said.text(), clock() - began)


def _attend(
    process: subprocess.Popen[bytes],
    said: _Said,
    *,
    deadline: float,
    stop: threading.Event,
    clock: Callable[[], float],
) -> int | None:
    """Returns the exit code, or None at the deadline."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        is_open = True
        while clock() < deadline:
            if stop.is_set():
                raise KeyboardInterrupt
            if not is_open:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.wait(_TICK_S)
            elif selector.select(min(_TICK_S, max(0.0, deadline - clock()))):
                chunk = os.read(process.stdout.fileno(), 65536)
                said.add(chunk)
                is_open = bool(chunk)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it, asking first: what keeps its children needs a moment for them."""
    assert process.stdout is not None
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    process.stdout.close()


class _Said:
    """The beginning and the end of what somebody says at any length."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""
        self._size = 0

    def add(self, chunk: bytes) -> None:
        room = _KEPT - len(self._head)
        self._head += chunk[:room]
        self._tail = (self._tail + chunk[room:])[-_KEPT:] if room < len(chunk) else self._tail
        self._size += len(chunk)

    def text(self) -> str:
        left_out = self._size - len(self._head) - len(self._tail)
        head, tail = (part.decode("utf-8", "replace") for part in (self._head, self._tail))
        return f"{head}\n[{left_out} bytes left out]\n{tail}" if left_out else head + tail
