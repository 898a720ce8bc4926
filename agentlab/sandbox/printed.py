"""What a candidate prints: a file in memory that the candidate writes and only we read, at the end.

A pipe would need somebody who reads while the candidate runs. Were that the zygote, the bytes would
stay in its memory and reach the next candidate.
"""

from __future__ import annotations

import os

__all__ = ["Printed"]

_KEPT = 16 * 1024


class Printed:
    """A file for one episode's output, with its descriptor."""

    def __init__(self) -> None:
        self.fd = os.memfd_create("printed", os.MFD_CLOEXEC)
        """To be handed to the candidate as its standard output and error."""

    def text(self) -> str:
        """Returns the first and the last 16 KiB, without anything a terminal could obey."""
        size = os.fstat(self.fd).st_size
        if size <= 2 * _KEPT:
            return _printable(os.pread(self.fd, size, 0))
        head, tail = os.pread(self.fd, _KEPT, 0), os.pread(self.fd, _KEPT, size - _KEPT)
        return f"{_printable(head)}\n[{size - 2 * _KEPT} bytes left out]\n{_printable(tail)}"

    def close(self) -> None:
        """Frees the file."""
        os.close(self.fd)


def _printable(printed: bytes) -> str:
    text = printed.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in text)
