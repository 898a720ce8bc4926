"""Calls that Python has no name for: namespaces, mounts, capabilities, limits, by ctypes.

Runs inside the sandbox: standard library only. Numbers are from the kernel's own headers
(linux/sched.h, linux/prctl.h, linux/mount.h, linux/capability.h).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct

__all__ = [
    "become",
    "bind",
    "call",
    "check",
    "die_with_parent",
    "drop_capabilities",
    "forbid_new_privileges",
    "fork_into_namespaces",
    "make_private",
    "mount_tmpfs",
    "name_user",
    "prctl",
    "reap_orphans",
    "set_dumpable",
    "set_limits",
]

_libc = ctypes.CDLL(None, use_errno=True)
_libc_under_lock = ctypes.PyDLL(None, use_errno=True)
"""Keeps the interpreter's lock during a call, so that a forked child holds it."""

_CLONE = 56 if os.uname().machine == "x86_64" else 220

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
_CAPABILITY_VERSION = 0x20080522
_READ_AND_SEARCH = 1 << 2
_KB_PER_INODE = 4
_EMPTY_MB, _EMPTY_MB_PER_THREAD = 1024, 80


def check(result: int, what: str) -> int:
    """Returns the result of a call of the C library; raises OSError where it is negative."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def call(number: int, *arguments: object) -> int:
    """Makes a system call by its number; negative where it failed, see `check`."""
    result: int = _libc.syscall(number, *arguments)
    return result


def prctl(option: int, *values: object) -> None:
    """Sets an attribute of this process (prctl(2))."""
    padded = (*values, *[0] * (4 - len(values)))
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in (option, *padded)]
    check(_libc.prctl(*words), f"prctl {option}")


def set_dumpable(is_dumpable: bool) -> None:
    """Lets or forbids others to look into this process through /proc and ptrace."""
    prctl(_PR_SET_DUMPABLE, int(is_dumpable))


def die_with_parent(number: int) -> None:
    """Asks the kernel for a signal when the parent ends."""
    prctl(_PR_SET_PDEATHSIG, number)


def reap_orphans() -> None:
    """Makes orphans among the descendants children of this process."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def forbid_new_privileges() -> None:
    """Forbids set-uid programs to give anything, for ever."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def become(uid: int, *, keeps_reading: bool) -> None:
    """Turns from root into an ordinary user.

    Args:
        uid: The user, also the group.
        keeps_reading: Keep the right to read what only root may, such as an interpreter in /root.
    """
    prctl(_PR_SET_KEEPCAPS, int(keeps_reading))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if keeps_reading:
        _set_capabilities(_READ_AND_SEARCH)


def drop_capabilities() -> None:
    """Gives up every capability, also those inside the own user namespace."""
    _set_capabilities(0)


def _set_capabilities(capabilities: int) -> None:
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    sets = struct.pack("6I", capabilities, capabilities, 0, 0, 0, 0)
    check(_libc.capset(header, sets), "capset")


def fork_into_namespaces() -> int:
    """Forks a child into user, PID, mount and IPC namespaces of its own, as their first process.

    One fork where unshare(2) needs two, since it moves a process into a PID namespace only with its
    next child. The interpreter knows nothing of it: only for a process that has one thread, and a
    child that forks again before it runs anything foreign.

    Returns:
        The child's number; 0 in the child.
    """
    flags = _NEWUSER | _NEWPID | _NEWNS | _NEWIPC | signal.SIGCHLD
    return check(_libc_under_lock.syscall(_CLONE, flags, None, None, None, None), "clone")


def name_user(outer: tuple[int, int], inner_id: int = 1000) -> None:
    """Gives the one user of this new namespace a number in it.

    Args:
        outer: The user and the group that forked it.
        inner_id: What both are called inside.
    """
    # After setuid the files in /proc/self belong to root until the process is dumpable again.
    set_dumpable(True)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inner_id} {outer[0]} 1"),
        ("gid_map", f"{inner_id} {outer[1]} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def make_private() -> None:
    """Keeps later mounts from reaching any other namespace."""
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)


def mount_tmpfs(place: str, size_kb: int) -> None:
    """Mounts an empty folder in memory of a bounded size and a bounded number of files."""
    options = f"size={size_kb}k,nr_inodes={64 + size_kb // _KB_PER_INODE},mode=700"
    _mount("tmpfs", place, "tmpfs", _MS_NOSUID | _MS_NODEV, options)


def bind(source: str, place: str) -> None:
    """Shows a folder at another place; a read-only source stays read-only."""
    _mount(source, place, None, _MS_BIND, None)


def _mount(source: str, place: str, kind: str | None, flags: int, data: str | None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, place, kind, data)]
    result = _libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    check(result, f"mount {place}")


def set_limits(*, mem_mb: int, cpu_s: float, file_mb: int, threads: int, all_threads: int) -> None:
    """Sets resource limits: the backstop behind the watch, which sees the sums.

    Args:
        mem_mb: Memory of one process, on top of the address space that needs none: the
            interpreter's own mappings, and the stack and the arena of each thread.
        cpu_s: Processor seconds of one process.
        file_mb: Size of one file.
        threads: How many threads the address space must have room for.
        all_threads: Processes and threads that this user may have at all.
    """
    cpu = max(1, round(cpu_s + 0.5))
    space_mb = mem_mb + _EMPTY_MB + _EMPTY_MB_PER_THREAD * threads
    for kind, soft, hard in (
        (resource.RLIMIT_AS, space_mb << 20, space_mb << 20),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, file_mb << 20, file_mb << 20),
        (resource.RLIMIT_NOFILE, 256, 256),
        (resource.RLIMIT_NPROC, all_threads, all_threads),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, allowed = resource.getrlimit(kind)
        most = max(soft, hard) if allowed == resource.RLIM_INFINITY else allowed
        resource.setrlimit(kind, (min(soft, most), min(hard, most)))
