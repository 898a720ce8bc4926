"""From a fork of the zygote to a running candidate. Runs inside the sandbox.

With isolation there are three processes: the *warden* (enters the namespaces, tells the zygote who
the init is, waits), the *init* (process 1 of the episode's own PID namespace; its end is the end of
everything in it) and the *candidate*. Without, the forked process is the candidate.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NamedTuple, NoReturn

from agentlab.sandbox.inside import kernel
from agentlab.wire import stub

__all__ = ["Order", "Places", "be_candidate", "be_warden"]


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

    number: int
    limits: dict[str, Any]
    mode: str
    artefact: str | None
    """Digest of the artefact to show, or None."""


def be_warden(order: Order, places: Places, wire: tuple[int, int], output: int, status: int) -> NoReturn:
    """Enters namespaces, starts the init and waits for it. Never returns."""
    try:
        kernel.enter_namespaces()
        init = os.fork()
        if init == 0:
            _be_init(order, places, wire, output)
        os.write(status, f"{init}\n".encode())
        _close_all_but(())
        _, how = os.waitpid(init, 0)
        _exit_like(how)
    except BaseException as error:  # nothing may escape into the zygote's loop
        _die(status, error)


def _be_init(order: Order, places: Places, wire: tuple[int, int], output: int) -> NoReturn:
    kernel.die_with_parent(signal.SIGKILL)
    try:
        _mount_private_folders(order, places)
        candidate = os.fork()
        if candidate == 0:
            be_candidate(order, places, wire, output, is_isolated=True)
        _close_all_but(())
        how = 0
        while True:
            pid, status = os.wait()
            if pid == candidate:
                how = status
                break
        _exit_like(how)
    except BaseException as error:
        _die(output, error)


def be_candidate(
    order: Order, places: Places, wire: tuple[int, int], output: int, *, is_isolated: bool
) -> NoReturn:
    """Locks this process in and runs the stub. Never returns."""
    try:
        os.chdir(places.episode)
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _close_all_but(wire)
        limits = order.limits
        kernel.set_limits(
            mem_mb=limits["mem_mb"],
            cpu_s=limits["cpu_s"],
            file_mb=max(limits["file_mb"], limits["artefact_mb"] if order.mode == "prepare" else 0),
            processes=limits["processes"],
        )
        artefact = _artefact_place(order, places, is_isolated=is_isolated)
        if is_isolated:
            _lock_in(places, writable_artefact=order.mode == "prepare")
        kernel.forbid_new_privileges()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL if number != signal.SIGXFSZ else signal.SIG_IGN)
        os.environ.update(HOME=places.episode, TMPDIR=places.episode)
        stub.serve(*wire, blobs=places.blobs, artefact=artefact)
        sys.stdout.flush()
        os._exit(0)
    except BaseException as error:  # SystemExit included: the process ends here, not in the zygote
        _die(2, error)


def _mount_private_folders(order: Order, places: Places) -> None:
    kernel.make_private()
    limits = order.limits
    size_kb = limits["file_mb"] * 1024
    kernel.mount_tmpfs(places.episode, size_kb)
    for shared in ("/tmp", "/dev/shm"):
        if os.path.isdir(shared):
            kernel.bind(places.episode, shared)
    if order.artefact is not None:
        kernel.bind(f"{places.artefacts}/{order.artefact}", places.artefact)
    elif order.mode == "prepare":
        kernel.mount_tmpfs(places.artefact, limits["artefact_mb"] * 1024)
    if os.path.isdir(places.artefacts):
        kernel.mount_tmpfs(places.artefacts, 4)
    # The namespace files were the only reason to have it; it would show the zygote's neighbours.
    kernel.mount_tmpfs("/proc", 4)


def _artefact_place(order: Order, places: Places, *, is_isolated: bool) -> str | None:
    if order.artefact is not None and not is_isolated:
        return f"{places.artefacts}/{order.artefact}"
    if order.artefact is not None or order.mode == "prepare":
        return places.artefact
    return None


def _lock_in(places: Places, *, writable_artefact: bool) -> None:
    kernel.drop_capabilities()
    write = [places.episode, "/tmp", "/dev/shm", "/dev/null"]
    kernel.landlock(["/"], [*write, places.artefact] if writable_artefact else write)
    kernel.seccomp()


def _close_all_but(kept: tuple[int, ...]) -> None:
    low = 3
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def _exit_like(status: int) -> NoReturn:
    """Ends as a child ended: with its code, or 128 + its signal as shells say it."""
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _die(fd: int, error: BaseException) -> NoReturn:
    try:
        os.write(fd, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)
