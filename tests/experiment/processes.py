"""Which processes belong to a driver, and which of them outlive it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

__all__ = ["Process", "family", "outliving"]

_PATIENCE_S = 15.0
_DEAD = "ZX"
_LATE = ("ray::DashboardA", "ray::RuntimeEnv")
"""Ray's own agents: idle, and gone only a minute after their raylet, when its address times out."""


class Process(NamedTuple):
    """A process that cannot be mistaken for a later one of the same number."""

    pid: int
    started: int
    """Clock ticks since the machine started."""

    name: str


def family(pid: int) -> set[Process]:
    """Returns a process and all that descend from it."""
    parents = dict(_running())
    found = {process for process in parents if process.pid == pid}
    pids = {pid}
    while grown := {p for p, parent in parents.items() if parent in pids} - found:
        found |= grown
        pids |= {process.pid for process in grown}
    return found


def outliving(before: set[Process], mark: str) -> list[Process]:
    """Returns who of a family, or who else carries its mark, is there after a moment.

    Ray's agents are not told: they end by themselves within a minute or so.

    Args:
        before: The family while it lived.
        mark: Stands in the environment of each process that the driver started.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while left := [p for p, _ in _running() if _is_of(p, before, mark) and p.name not in _LATE]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def _running() -> list[tuple[Process, int]]:
    """Returns the processes that are not dead, each with its parent."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            # It ended while we looked.
            continue
        fields = rest.split()
        if fields[0] not in _DEAD:
            found.append((Process(int(folder.name), int(fields[19]), name), int(fields[1])))
    return found


def _is_of(process: Process, before: set[Process], mark: str) -> bool:
    return process in before or _carries(process, mark)


def _carries(process: Process, mark: str) -> bool:
    try:
        return mark.encode() in Path(f"/proc/{process.pid}/environ").read_bytes()
    except OSError:
        return False
