"""The kernel's walls, by ctypes: namespaces, mounts, capabilities, Landlock, seccomp.

Runs inside the sandbox: standard library only. Numbers are from the kernel's own headers
(linux/sched.h, linux/prctl.h, linux/landlock.h, linux/seccomp.h, asm/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import struct

__all__ = [
    "bind",
    "drop_capabilities",
    "die_with_parent",
    "enter_namespaces",
    "forbid_new_privileges",
    "landlock",
    "landlock_abi",
    "make_private",
    "mount_tmpfs",
    "reap_orphans",
    "seccomp",
    "set_dumpable",
    "set_limits",
]

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
_ALL_NAMESPACES = 0x7E020000
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _prctl(option: int, value: int) -> None:
    arguments = (ctypes.c_ulong(argument) for argument in (option, value, 0, 0, 0))
    _check(_libc.prctl(*arguments), f"prctl {option}")


def set_dumpable(is_dumpable: bool) -> None:
    """Lets or forbids others to look into this process through /proc and ptrace."""
    _prctl(_PR_SET_DUMPABLE, int(is_dumpable))


def die_with_parent(signal: int) -> None:
    """Asks the kernel for a signal when the parent ends."""
    _prctl(_PR_SET_PDEATHSIG, signal)


def reap_orphans() -> None:
    """Makes orphans among the descendants children of this process."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def forbid_new_privileges() -> None:
    """Forbids set-uid programs to give anything, for ever."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def enter_namespaces(inner_id: int = 1000) -> None:
    """Enters user, mount and IPC namespaces of its own; children get a PID namespace."""
    uid, gid = os.getuid(), os.getgid()
    # After setuid the files in /proc/self belong to root until the process is dumpable again.
    set_dumpable(True)
    _check(_libc.unshare(_NEWUSER | _NEWPID | _NEWNS | _NEWIPC), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inner_id} {uid} 1"),
        ("gid_map", f"{inner_id} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def make_private() -> None:
    """Keeps later mounts from reaching any other namespace."""
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)


def mount_tmpfs(place: str, size_kb: int) -> None:
    """Mounts an empty folder in memory of a bounded size."""
    _mount("tmpfs", place, "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={size_kb}k,mode=700")


def bind(source: str, place: str) -> None:
    """Shows a folder at another place; a read-only source stays read-only."""
    _mount(source, place, None, _MS_BIND, None)


def _mount(source: str, place: str, kind: str | None, flags: int, data: str | None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, place, kind, data)]
    result = _libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    _check(result, f"mount {place}")


def drop_capabilities() -> None:
    """Gives up every capability, also those inside the own user namespace (capset(2), version 3)."""
    header = struct.pack("Ii", 0x20080522, 0)
    _check(_libc.capset(header, struct.pack("6I", *([0] * 6))), "capset")


def set_limits(*, mem_mb: int, cpu_s: float, file_mb: int, processes: int) -> None:
    """Sets resource limits: the backstop behind the poller that watches the sums."""
    cpu = max(1, round(cpu_s + 0.5))
    for kind, value in (
        # Room for the interpreter's own mappings: resident memory is what the poller counts.
        (resource.RLIMIT_AS, (mem_mb + 1024) << 20),
        (resource.RLIMIT_FSIZE, file_mb << 20),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_NPROC, 2 * processes + 16),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))


def landlock_abi() -> int:
    """Returns the kernel's Landlock version, 0 where it has none."""
    return max(
        0, _libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    )


_READ = 1 | 4 | 8  # execute, read file, read folder
_FILE_RIGHTS = 1 | 2 | 4 | (1 << 14) | (1 << 15)


def landlock(read: list[str], write: list[str]) -> int:
    """Restricts files to the given folders, and denies TCP, abstract sockets and foreign signals.

    Returns:
        The Landlock version in force, 0 where the kernel has none.
    """
    abi = landlock_abi()
    if abi < 1:
        return 0
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    attributes = struct.pack("QQQ", rights, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _check(
        _libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)),
        "landlock_create_ruleset",
    )
    for paths, wanted in ((read, _READ), (write, rights)):
        for path in paths:
            _allow(ruleset, path, wanted & rights)
    forbid_new_privileges()
    _check(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, ctypes.c_uint32(0)), "landlock_restrict_self")
    os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not os.path.exists(path):
        return
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    rule = struct.pack("=Qi", rights, folder)
    _check(_libc.syscall(_LANDLOCK_ADD, ruleset, 1, rule, ctypes.c_uint32(0)), f"landlock {path}")
    os.close(folder)


_DENIED = {
    "x86_64": {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "ptrace": 101, "mount": 165,
        "umount2": 166, "reboot": 169, "chroot": 161, "pivot_root": 155, "init_module": 175,
        "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272,
        "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "finit_module": 313, "bpf": 321, "userfaultfd": 323,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "pidfd_open": 434, "pidfd_getfd": 438,
        "process_madvise": 440, "mount_setattr": 442,
    },
    "aarch64": {
        "socket": 198, "connect": 203, "bind": 200, "listen": 201, "ptrace": 117, "mount": 40,
        "umount2": 39, "reboot": 142, "chroot": 51, "pivot_root": 41, "init_module": 105,
        "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97,
        "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "finit_module": 273, "bpf": 280, "userfaultfd": 282,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "pidfd_open": 434, "pidfd_getfd": 438,
        "process_madvise": 440, "mount_setattr": 442,
    },
}  # fmt: skip
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def seccomp() -> bool:
    """Denies system calls that no agent needs; returns False on an unknown processor.

    A denied call answers EPERM. `clone3` answers ENOSYS, so that the C library falls back to
    `clone`, whose flags a filter can see.
    """
    machine = os.uname().machine
    if machine not in _DENIED:
        return False
    program = _filter(machine)
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    forbid_new_privileges()
    loaded = Program(len(program), ctypes.addressof(buffer))
    result = _libc.prctl(
        ctypes.c_ulong(_PR_SET_SECCOMP),
        ctypes.c_ulong(2),
        ctypes.byref(loaded),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
    )
    _check(result, "seccomp")
    return True


def _filter(machine: str) -> list[tuple[int, int, int, int]]:
    """Returns the BPF program: (code, jump if true, jump if false, constant)."""
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":
        # The x32 numbers would be a second door to every denied call.
        program += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for number in _DENIED[machine].values():
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    program += [
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, 16),
        (_ANY_BIT, 0, 1, _ALL_NAMESPACES),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return program
