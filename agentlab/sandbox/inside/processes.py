"""What /proc says of processes, and ending them. Runs inside the sandbox: standard library only."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["ProcessUsage", "all_processes", "descendants", "kill", "kill_tree", "usage_of"]

_PAGE_KB = resource.getpagesize() // 1024
_CLOCK_TICK = os.sysconf("SC_CLK_TCK")


class ProcessUsage(NamedTuple):
    """What a process holds, and what it and its ended children have spent."""

    resident_kb: int
    threads: int
    cpu_s: float


def all_processes() -> list[int]:
    """Returns every process of this PID namespace."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def usage_of(pid: int) -> ProcessUsage | None:
    """Returns what a process uses, or None where it is gone or only waits to be reaped."""
    fields = _stat(pid)
    if fields is None or fields[0] in (b"Z", b"X"):
        return None
    # Its own user and system time, and those of the children that it has waited for.
    ticks = sum(int(field) for field in fields[11:15])
    return ProcessUsage(int(fields[21]) * _PAGE_KB, int(fields[17]), ticks / _CLOCK_TICK)


def descendants(root: int) -> list[int]:
    """Returns all living processes below one."""
    children: dict[int, list[int]] = {}
    for pid in all_processes():
        fields = _stat(pid)
        if fields is not None and fields[0] not in (b"Z", b"X"):
            children.setdefault(int(fields[1]), []).append(pid)
    found: list[int] = []
    queue = [root]
    while queue:
        below = children.get(queue.pop(), ())
        found.extend(below)
        queue.extend(below)
    return found


def kill_tree(root: int) -> None:
    """Kills all processes below one, also those that fork faster than one can look."""
    stopped: set[int] = set()
    while new := set(descendants(root)) - stopped:
        _signal(new, signal.SIGSTOP)
        stopped |= new
    _signal(stopped, signal.SIGKILL)


def kill(pid: int) -> None:
    """Kills one process, if it still is."""
    _signal((pid,), signal.SIGKILL)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _stat(pid: int) -> list[bytes] | None:
    """Returns the fields of /proc/PID/stat after the name, from the state on."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()
    except (OSError, IndexError):
        return None
