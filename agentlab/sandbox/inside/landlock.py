"""Landlock: a process forbids itself files, TCP, abstract sockets and signals to others.

Runs inside the sandbox: standard library only. Numbers are from linux/landlock.h; the system
calls have the same ones on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import struct

from agentlab.sandbox.inside import kernel

__all__ = ["landlock", "landlock_abi"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = 1 | 4 | 8
"""Execute, read a file, list a folder."""

_FILE_RIGHTS = 1 | 2 | 4 | (1 << 14) | (1 << 15)
"""What can be said of a file that is no folder."""

_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_TCP, _SCOPES = 3, 3
"""Bind and connect; abstract unix sockets and signals."""


def landlock_abi() -> int:
    """Returns the kernel's Landlock version, 0 where it has none."""
    return max(0, kernel.call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def landlock(read: list[str], write: list[str], *, has_loopback: bool) -> int:
    """Restricts files to the given folders, and denies TCP, abstract sockets and foreign signals.

    With a loopback, TCP may be had.

    Returns:
        The Landlock version in force, 0 where the kernel has none.
    """
    abi = landlock_abi()
    if abi < 1:
        return 0
    rights = (1 << _RIGHTS_BY_ABI.get(abi, 16)) - 1
    attributes = struct.pack(
        "QQQ", rights, _TCP if abi >= 4 and not has_loopback else 0, _SCOPES if abi >= 6 else 0
    )
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = kernel.check(
        kernel.call(_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)),
        "landlock_create_ruleset",
    )
    for paths, wanted in ((read, _READ), (write, rights)):
        for path in paths:
            _allow(ruleset, path, wanted & rights)
    kernel.forbid_new_privileges()
    kernel.check(kernel.call(_RESTRICT, ruleset, ctypes.c_uint32(0)), "landlock_restrict_self")
    os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not os.path.exists(path):
        return
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    rule = struct.pack("=Qi", rights, place)
    kernel.check(kernel.call(_ADD, ruleset, 1, rule, ctypes.c_uint32(0)), f"landlock {path}")
    os.close(place)
