"""From a fork of the zygote to a running candidate. Runs inside the sandbox.

With isolation there are three processes: the *warden* (enters the namespaces, tells the zygote who
the init is, waits), the *init* (process 1 of the episode's own PID namespace; its end is the end of
everything in it) and the *candidate*. Without, the forked process is the candidate.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any, NamedTuple, NoReturn

from agentlab.sandbox.inside import kernel
from agentlab.sandbox.inside.landlock import landlock
from agentlab.sandbox.inside.seccomp import seccomp
from agentlab.wire import stub

__all__ = ["Descriptors", "Order", "Places", "start_episode"]

_OWN_PROCESSES = 16
"""Room for warden and init, and for a burst between two looks of the watch."""


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


class Descriptors(NamedTuple):
    """What an episode holds of the outside."""

    wire_in: int
    wire_out: int
    printed: int
    """A file in memory that takes what the candidate prints."""

    status: int
    """A pipe to the zygote: the init's number, then why the episode could not start, if so."""


def start_episode(
    order: Order, places: Places, descriptors: Descriptors, *, is_isolated: bool
) -> NoReturn:
    """Turns this fork of the zygote into an episode. Never returns."""
    try:
        os.setsid()
        if is_isolated:
            kernel.enter_namespaces()
            init = os.fork()
            if init != 0:
                _be_warden(init, descriptors.status)
            _be_init(order, places, descriptors)
        # In the sandbox the whole namespace ends with it; here this is all there is.
        kernel.die_with_parent(signal.SIGKILL)
        _be_candidate(order, places, descriptors, is_isolated=False)
    except BaseException as error:  # noqa: BLE001 - nothing may escape into the zygote's loop
        _die(descriptors.status, error)


def _be_warden(init: int, status: int) -> NoReturn:
    os.write(status, f"init {init}\n".encode())
    _close_all_but(())
    _, how = os.waitpid(init, 0)
    _exit_like(how)


def _be_init(order: Order, places: Places, descriptors: Descriptors) -> NoReturn:
    kernel.die_with_parent(signal.SIGKILL)
    _mount_private_folders(order, places)
    candidate = os.fork()
    if candidate == 0:
        _be_candidate(order, places, descriptors, is_isolated=True)
    _close_all_but(())
    how = _wait_for(candidate)
    # Reaped here and not by the end of the namespace, so that what they spent is counted.
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    _exit_like(how)


def _wait_for(candidate: int) -> int:
    while True:
        pid, how = os.wait()
        if pid == candidate:
            return how


def _be_candidate(
    order: Order, places: Places, descriptors: Descriptors, *, is_isolated: bool
) -> NoReturn:
    """Locks this process in and runs the stub."""
    os.chdir(places.episode)
    _take_standard_streams(descriptors.printed)
    wire = (descriptors.wire_in, descriptors.wire_out)
    _close_all_but((*wire, descriptors.status))
    os.environ.update(HOME=places.episode, TMPDIR=places.episode)
    _set_limits(order, is_isolated=is_isolated)
    if is_isolated:
        _lock_in(places, writable_artefact=order.mode == "prepare")
    kernel.forbid_new_privileges()
    os.close(descriptors.status)
    try:
        artefact = _artefact_place(order, places, is_isolated=is_isolated)
        stub.serve(*wire, blobs=places.blobs, artefact=artefact)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - SystemExit included: it ends here, not in the zygote
        _die(2, error)
    os._exit(0)


def _take_standard_streams(printed: int) -> None:
    null = os.open("/dev/null", os.O_RDONLY)
    for source, number in ((null, 0), (printed, 1), (printed, 2)):
        os.dup2(source, number)


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


def _lock_in(places: Places, *, writable_artefact: bool) -> None:
    kernel.drop_capabilities()
    write = [places.episode, "/tmp", "/dev/shm", "/dev/null"]
    landlock(["/"], [*write, places.artefact] if writable_artefact else write)
    seccomp()


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
        os.write(fd, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(1)
