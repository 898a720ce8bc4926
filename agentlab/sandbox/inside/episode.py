"""From a fork of the zygote to a running candidate. Runs inside the sandbox.

With isolation there are two processes: the *init* (process 1 of the episode's own PID namespace;
its end is the end of everything in it) and the *candidate*. Without, the forked process is the
candidate.

All of that can be made ahead: the candidate, locked in, waits in its seat for its descriptors.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import sys
from typing import Any, NamedTuple, NoReturn

from agentlab.sandbox.inside import kernel
from agentlab.sandbox.inside.landlock import landlock
from agentlab.sandbox.inside.seccomp import seccomp
from agentlab.wire import stub

__all__ = ["READY", "Lines", "Order", "Places", "Walls", "fork_episode"]

READY = b"ready"
"""What a candidate says once it is locked in."""

_OWN_PROCESSES = 16
"""Room for the init, and for a burst between two looks of the watch."""


class Places(NamedTuple):
    """Where things lie inside the sandbox."""

    episode: str
    """The candidate's own writable folder."""

    blobs: str
    artefacts: str
    artefact: str
    """The one artefact of this episode."""


class Order(NamedTuple):
    """What the trusted side asked for."""

    limits: dict[str, Any]
    mode: str
    artefact: str | None
    """Digest of the artefact to show, or None."""


class Lines(NamedTuple):
    """What an episode holds of the zygote until its candidate runs."""

    seat: socket.socket
    """Where the candidate waits for its wire and for the file that takes what it prints."""

    status: int
    """A pipe to the zygote: `READY`, or why the episode could not start."""

    ending: int
    """A pipe from the init to the zygote: how the candidate ended, once all of it has."""


class Walls(NamedTuple):
    """What keeps a candidate in."""

    is_isolated: bool
    has_loopback: bool
    """Whether it may open sockets, in a network of its own where nobody else is."""


def fork_episode(order: Order, places: Places, lines: Lines, walls: Walls) -> int:
    """Forks the zygote; the fork becomes an episode and never returns."""
    outer = os.getuid(), os.getgid()
    pid = kernel.fork_into_namespaces() if walls.is_isolated else os.fork()
    if pid != 0:
        return pid
    try:
        os.setsid()
        # In the sandbox the whole namespace ends with it; without, this is all there is.
        kernel.die_with_parent(signal.SIGKILL)
        if walls.is_isolated:
            kernel.name_user(outer)
            _be_init(order, places, lines, walls)
        _be_candidate(order, places, lines, walls)
    except BaseException as error:  # noqa: BLE001 - nothing may escape into the zygote's loop
        _die(lines.status, error)


def _be_init(order: Order, places: Places, lines: Lines, walls: Walls) -> NoReturn:
    _mount_private_folders(order, places)
    candidate = os.fork()
    if candidate == 0:
        _be_candidate(order, places, lines, walls)
    _close_all_but((lines.ending,))
    how = _wait_for(candidate)
    # Reaped here and not by the end of the namespace, so that what they spent is counted.
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = spent.ru_utime + spent.ru_stime
    # Told before the walls fall: that takes the kernel as long again, and nobody needs to wait.
    os.write(lines.ending, f"{os.waitstatus_to_exitcode(how)} {cpu_s} {spent.ru_maxrss}".encode())
    os._exit(0)


def _wait_for(candidate: int) -> int:
    while True:
        pid, how = os.wait()
        if pid == candidate:
            return how


def _be_candidate(order: Order, places: Places, lines: Lines, walls: Walls) -> NoReturn:
    """Locks this process in, waits for its descriptors and runs the stub."""
    os.chdir(places.episode)
    _close_all_but((lines.seat.fileno(), lines.status))
    os.environ.update(HOME=places.episode, TMPDIR=places.episode)
    _set_limits(order, is_isolated=walls.is_isolated)
    if walls.is_isolated:
        _lock_in(places, walls, writable_artefact=order.mode == "prepare")
    kernel.forbid_new_privileges()
    os.write(lines.status, READY)
    os.close(lines.status)
    try:
        wire_in, wire_out = _take_descriptors(lines.seat)
        artefact = _artefact_place(order, places, is_isolated=walls.is_isolated)
        stub.serve(wire_in, wire_out, blobs=places.blobs, artefact=artefact)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - SystemExit included: it ends here
        _die(2, error)
    os._exit(0)


def _take_descriptors(seat: socket.socket) -> tuple[int, int]:
    """Waits for the wire and takes the standard streams; exits where the zygote thinks better."""
    _, descriptors, _, _ = socket.recv_fds(seat, 1, 3)
    if not descriptors:
        os._exit(0)
    seat.close()
    wire_in, wire_out, printed = descriptors
    for number in (1, 2):
        os.dup2(printed, number)
    os.close(printed)
    return wire_in, wire_out


def _set_limits(order: Order, *, is_isolated: bool) -> None:
    limits = order.limits
    artefact_mb = limits["artefact_mb"] if order.mode == "prepare" else 0
    room = 2 * limits["processes"] + _OWN_PROCESSES
    kernel.set_limits(
        mem_mb=limits["mem_mb"],
        cpu_s=limits["cpu_s"],
        file_mb=max(limits["file_mb"], artefact_mb),
        threads=limits["processes"],
        all_threads=room if is_isolated else room + _threads_of_the_machine(),
    )


def _threads_of_the_machine() -> int:
    """Returns how many threads there are: outside a user namespace the limit counts them all."""
    with open("/proc/loadavg", encoding="ascii") as file:
        return int(file.read().split()[3].partition("/")[2])


def _mount_private_folders(order: Order, places: Places) -> None:
    kernel.make_private()
    limits = order.limits
    kernel.mount_tmpfs(places.episode, limits["file_mb"] * 1024)
    for shared in ("/tmp", "/dev/shm"):
        kernel.bind(places.episode, shared)
    if order.artefact is not None:
        kernel.bind(f"{places.artefacts}/{order.artefact}", places.artefact)
    elif order.mode == "prepare":
        kernel.mount_tmpfs(places.artefact, limits["artefact_mb"] * 1024)
    kernel.mount_tmpfs(places.artefacts, 4)
    # The namespace files were the only reason to have it; it would show the zygote's neighbours.
    kernel.mount_tmpfs("/proc", 4)


def _artefact_place(order: Order, places: Places, *, is_isolated: bool) -> str | None:
    if order.artefact is not None and not is_isolated:
        return f"{places.artefacts}/{order.artefact}"
    if order.artefact is not None or order.mode == "prepare":
        return places.artefact
    return None


def _lock_in(places: Places, walls: Walls, *, writable_artefact: bool) -> None:
    kernel.drop_capabilities()
    write = [places.episode, "/tmp", "/dev/shm", "/dev/null"]
    if writable_artefact:
        write.append(places.artefact)
    landlock(["/"], write, has_loopback=walls.has_loopback)
    seccomp(has_loopback=walls.has_loopback)


def _close_all_but(kept: tuple[int, ...]) -> None:
    low = 3
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def _die(fd: int, error: BaseException) -> NoReturn:
    try:
        os.write(fd, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(1)
