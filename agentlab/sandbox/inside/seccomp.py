"""Seccomp: system calls that no agent needs answer EPERM.

Runs inside the sandbox: standard library only. Numbers are from linux/seccomp.h, linux/audit.h and
asm/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct

from agentlab.sandbox.inside import kernel

__all__ = ["seccomp"]

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_SOCKET = (41, 198)
_DENIED_SOCKETS = {
    # sockets: the wire is the only way out
    "socket": _SOCKET, "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
}  # fmt: skip
_DENIED = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "chroot": (161, 51), "pivot_root": (155, 41), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "quotactl": (179, 60),
    # memory that belongs to no process, so that nothing would count it
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # the kernel's own large surfaces
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "syslog": (103, 116), "acct": (163, 89), "swapon": (167, 224),
}  # fmt: skip
"""Number on x86_64 and on aarch64."""

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_X32 = 0x40000000
_IPV4 = 2
_ALL_NAMESPACES = 0x7E020000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_INSTRUCTION = struct.Struct("HBBI")
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENT_AT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seccomp(*, has_loopback: bool) -> bool:
    """Denies the calls, for ever; returns False on a processor whose numbers are not known.

    With a loopback, sockets of the internet's protocol (IPv4) may be had; where they lead is a
    matter of the network namespace.

    `clone3` answers ENOSYS, so that the C library falls back to `clone`, whose flags can be seen.
    """
    machine = os.uname().machine
    if machine not in _ARCHITECTURE:
        return False
    code = _program(machine, has_loopback)
    kernel.forbid_new_privileges()
    program = _Program(len(code) // _INSTRUCTION.size, ctypes.addressof(code))
    kernel.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))
    return True


@functools.cache
def _program(machine: str, has_loopback: bool) -> ctypes.Array[ctypes.c_char]:
    instructions = _filter(machine, has_loopback)
    code = b"".join(_INSTRUCTION.pack(*instruction) for instruction in instructions)
    return ctypes.create_string_buffer(code, len(code))


def _filter(machine: str, has_loopback: bool) -> list[tuple[int, int, int, int]]:
    """Returns the BPF program: (code, jump if true, jump if false, constant)."""
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if machine == "x86_64":
        # The x32 numbers would be a second door to every denied call.
        program += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    place = 0 if machine == "x86_64" else 1
    for numbers in (*_DENIED.values(), *(() if has_loopback else _DENIED_SOCKETS.values())):
        program += [(_EQUAL, 0, 1, numbers[place]), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    if has_loopback:
        program += [
            (_EQUAL, 0, 4, _SOCKET[place]),
            (_LOAD, 0, 0, _ARGUMENT_AT),
            (_EQUAL, 0, 1, _IPV4),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        ]
    program += [
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, _ARGUMENT_AT),
        (_ANY_BIT, 0, 1, _ALL_NAMESPACES),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return program
