"""The trusted end of the wire: JSON lines over two file descriptors, with deadlines and caps.

Whatever the other end does (junk, silence, a line without end, not reading), a call here ends by
its deadline and the memory it takes is bounded.
"""

from __future__ import annotations

import json
import os
import select
import time

from agentlab.core.value import JsonValue

__all__ = ["Channel", "FrameTooLarge", "WireError"]

_CHUNK = 1 << 16
_MAX_DEPTH = 64
"""Levels of lists and objects in one frame: far below what a recursive reader of it can take."""


class WireError(Exception):
    """A frame that is malformed or too large; the message says how."""


class FrameTooLarge(WireError):
    """A frame of more bytes than one may have."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"a frame of more than {max_bytes} bytes")


class Channel:
    """Sends and receives frames; owns both descriptors."""

    def __init__(self, read_fd: int, write_fd: int, *, max_frame_bytes: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._max_frame_bytes = max_frame_bytes
        self._received = bytearray()
        self._scanned = 0
        self._is_open = True
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)

    def send(self, frame: dict[str, JsonValue], deadline: float | None = None) -> None:
        """Sends one frame.

        Args:
            frame: What to send.
            deadline: `time.monotonic()` after which the other end is given up; None waits.

        Raises:
            TimeoutError: the other end does not read.
            ConnectionError: the other end is gone.
        """
        text = json.dumps(frame, allow_nan=False, separators=(",", ":"))
        rest = memoryview(text.encode() + b"\n")
        while rest:
            try:
                rest = rest[os.write(self._write_fd, rest) :]
            except BlockingIOError:
                _wait(self._write_fd, select.POLLOUT, deadline)

    def receive(self, deadline: float | None = None) -> dict[str, JsonValue] | None:
        """Returns the next frame, or None when the other end hung up.

        Raises:
            TimeoutError: the deadline is passed, even where frames are still waiting: a candidate
                that sends without end is late, too.
            WireError: the line is no JSON object, holds a NaN or an infinity, is nested too deep.
            FrameTooLarge: the line is too long.
        """
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError
        while (end := self._received.find(b"\n", self._scanned)) < 0:
            self._scanned = len(self._received)
            if self._scanned > self._max_frame_bytes:
                raise FrameTooLarge(self._max_frame_bytes)
            try:
                chunk = os.read(self._read_fd, _CHUNK)
            except BlockingIOError:
                _wait(self._read_fd, select.POLLIN, deadline)
                continue
            if not chunk:
                return None
            self._received += chunk
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        self._scanned = 0
        if len(line) > self._max_frame_bytes:
            raise FrameTooLarge(self._max_frame_bytes)
        return _parse(line)

    def close(self) -> None:
        """Closes both descriptors; a second call does nothing."""
        if self._is_open:
            self._is_open = False
            os.close(self._read_fd)
            os.close(self._write_fd)


def _wait(fd: int, event: int, deadline: float | None) -> None:
    poll = select.poll()
    poll.register(fd, event)
    left = None if deadline is None else (deadline - time.monotonic()) * 1000
    if (left is not None and left <= 0) or not poll.poll(left):
        raise TimeoutError


def _parse(line: bytes) -> dict[str, JsonValue]:
    try:
        frame = json.loads(line.decode())
        # What JSON's grammar lets through and no store takes is found by writing it again: NaN,
        # infinities (1e999 is one) and lone surrogates.
        json.dumps(frame, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as error:
        raise WireError("a frame nested too deep") from error
    except ValueError as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(frame, dict):
        raise WireError("a frame that is no object")
    if line.count(b"[") + line.count(b"{") > _MAX_DEPTH and _depth(frame) > _MAX_DEPTH:
        raise WireError("a frame nested too deep")
    return frame


def _depth(value: JsonValue) -> int:
    """Returns the levels of lists and objects, counted one level at a time."""
    depth = 0
    level = [value]
    while level := [part for part in level if isinstance(part, list | dict)]:
        depth += 1
        level = [
            inner for part in level for inner in (part.values() if isinstance(part, dict) else part)
        ]
    return depth
