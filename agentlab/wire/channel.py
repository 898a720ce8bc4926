"""The trusted end of the wire: JSON lines over two file descriptors, with deadlines and caps.

Whatever the other end does (junk, silence, a line without end, not reading), a call here ends by
its deadline and the memory it takes is bounded.
"""

from __future__ import annotations

import json
import os
import select
import time

from agentlab.core.value import JsonValue, plain_json

__all__ = ["Channel", "FrameTooLarge", "WireError"]

_CHUNK = 1 << 16
_MAX_DEPTH = 64
"""Levels of lists and objects in one frame: far below what a recursive reader of it can take."""

_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_LONG = b"0" * 200
"""A number of fewer digits whose exponent has two is below 1e299, and so has a float."""


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
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(read_fd, select.POLLIN)
        self._writable.register(write_fd, select.POLLOUT)

    def send(self, frame: dict[str, JsonValue], deadline: float | None = None) -> None:
        """Sends one frame.

        Args:
            frame: What to send.
            deadline: `time.monotonic()` after which the other end is given up; None waits.

        Raises:
            TimeoutError: the other end does not read.
            ConnectionError: the other end is gone.
        """
        self.send_text(plain_json(frame), deadline)

    def send_text(self, text: str, deadline: float | None = None) -> None:
        """Sends one frame that is JSON already; raises what `send` raises."""
        rest = memoryview(_encode(text) + b"\n")
        while rest:
            try:
                rest = rest[os.write(self._write_fd, rest) :]
            except BlockingIOError:
                _wait(self._writable, deadline)

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
            # Waits before it reads: who was just sent an answer has hardly called again.
            _wait(self._readable, deadline)
            chunk = os.read(self._read_fd, _CHUNK)
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


def _wait(poll: select.poll, deadline: float | None) -> None:
    left = None if deadline is None else (deadline - time.monotonic()) * 1000
    if (left is not None and left <= 0) or not poll.poll(left):
        raise TimeoutError


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half a sign, as pages have it: as its code it is JSON.
        return json.dumps(json.loads(text)).encode()


def _parse(line: bytes) -> dict[str, JsonValue]:
    try:
        frame = _DECODER.decode(line.decode())
        if _may_hide(line):
            # What JSON's grammar lets through and no store takes is found by writing it again:
            # infinities (1e999 is one) and lone surrogates.
            plain_json(frame).encode()
    except RecursionError as error:
        raise WireError("a frame nested too deep") from error
    except ValueError as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(frame, dict):
        raise WireError("a frame that is no object")
    if line.count(b"[") + line.count(b"{") > _MAX_DEPTH and _depth(frame) > _MAX_DEPTH:
        raise WireError("a frame nested too deep")
    return frame


def _refuse(constant: str) -> JsonValue:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _may_hide(line: bytes) -> bool:
    """Returns whether a number may be beyond all floats, or a letter be written by its code."""
    digits = line.translate(_DIGITS, b"+")
    return b"0e000" in digits or _LONG in digits or b"\\u" in digits


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
