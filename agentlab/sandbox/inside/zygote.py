"""The zygote: a warm interpreter that forks one episode after another. Runs inside the sandbox.

It takes orders over a socket that it alone holds, passes each episode its descriptors, watches
memory, processes and output while the episode runs, and reaps it. It never runs a line of a
candidate and never reads a byte that one wrote, so that nothing of it is left for the next.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from typing import Any, NamedTuple, TextIO

from agentlab.sandbox.inside import kernel, processes
from agentlab.sandbox.inside.episode import READY, Lines, Order, Places, Walls, fork_episode

__all__ = ["Zygote", "main"]

_TICK_S = 0.05
_PARTING_S = 0.005
"""What a candidate that has answered may take to leave by itself."""

_CONTROL_BYTES = 1 << 16


class _Seat(NamedTuple):
    """A candidate that is locked in and waits for its descriptors."""

    order: Order
    places: Places
    pid: int
    line: socket.socket
    status: int
    ending: int


class _Running:
    """An episode in progress."""

    def __init__(self, seat: _Seat, printed: int) -> None:
        self.order = seat.order
        self.places = seat.places
        self.pid = seat.pid
        self.ending = seat.ending
        self.printed = printed
        self.broken: str | None = None
        self.limit: str | None = None
        self.peak_kb = 0
        self.cpu_s = 0.0


class _End(NamedTuple):
    code: int
    cpu_s: float
    peak_kb: int


class Zygote:
    """Serves orders until its socket closes."""

    def __init__(self, control: socket.socket, *, places: Places, walls: Walls) -> None:
        self._control = control
        self._places = places
        self._walls = walls
        self._is_isolated = walls.is_isolated
        self._running: _Running | None = None
        self._spare: _Seat | None = None
        self._leaving: list[int] = []
        self._next: Order | None = None
        self._ended_at = 0.0

    def serve(self) -> None:
        """Handles one message or one tick at a time."""
        while True:
            tick = _TICK_S if self._running or self._next else None
            ready, _, _ = select.select([self._control], [], [], tick)
            if ready:
                data, descriptors, _, _ = socket.recv_fds(self._control, _CONTROL_BYTES, 3)
                if not data:
                    self._finish()
                    self._discard_spare()
                    return
                self._obey(json.loads(data), descriptors)
            else:
                if self._is_isolated:
                    self._prepare_next()
                if self._running is not None:
                    self._watch(self._running)

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "start" in message:
            self._finish()
            self._start(Order(**message["start"]), descriptors)
            return
        self._control.send(json.dumps(self._finish()).encode())
        self._ended_at = time.monotonic()
        if not self._is_isolated:
            # Without walls the one before would have seen it, and could have ended it.
            self._prepare_next()

    def _start(self, order: Order, descriptors: list[int]) -> None:
        if self._spare is not None and self._spare.order != order:
            self._discard_spare()
        seat = self._spare or self._make_seat(order)
        self._spare = None
        wire_in, wire_out, printed = descriptors
        with seat.line, contextlib.suppress(OSError):
            # Where it is gone, the status says why.
            socket.send_fds(seat.line, [b"x"], descriptors)
        os.close(wire_in)
        os.close(wire_out)
        self._running = _Running(seat, printed)
        with os.fdopen(seat.status, "rb") as status:
            report = status.read()
        if report != READY:
            self._running.broken = report.decode("utf-8", "replace") or "it died while it began"
        self._next = None if order.artefact else order
        if self._is_isolated and time.monotonic() - self._ended_at < _TICK_S:
            # They come fast, so the next one is soon here. Else this one has the processor first.
            self._prepare_next()
        self._reap()

    def _prepare_next(self) -> None:
        """Builds the walls of the next one, most often alike, before anybody waits for them."""
        if self._next is not None and self._spare is None:
            self._spare = self._make_seat(self._next)
        self._next = None

    def _make_seat(self, order: Order) -> _Seat:
        if len(os.listdir("/proc/self/task")) != 1:
            raise RuntimeError("a zygote with threads must not fork")
        places = self._places if self._is_isolated else _plain_places(self._places)
        status, status_in = os.pipe()
        ending, ending_in = os.pipe()
        line, line_in = socket.socketpair()
        lines = Lines(line_in, status_in, ending_in)
        pid = fork_episode(order, places, lines, self._walls)
        line_in.close()
        os.close(status_in)
        os.close(ending_in)
        return _Seat(order, places, pid, line, status, ending)

    def _discard_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.line.close()
            os.close(spare.status)
            os.close(spare.ending)
            # The closed line tells the candidate to leave, and all that waits for it follows.
            os.waitpid(spare.pid, 0)
            self._remove_folder(spare.places)

    def _watch(self, running: _Running) -> None:
        """Sums up what the episode's processes hold, and stops it where it passes a limit."""
        resident_kb = threads = 0
        running.cpu_s = 0.0
        for pid in self._processes(running):
            usage = processes.usage_of(pid)
            if usage is None:
                continue
            running.cpu_s += usage.cpu_s
            resident_kb += usage.resident_kb
            threads += usage.threads
        running.peak_kb = max(running.peak_kb, resident_kb)
        limits = running.order.limits
        for is_passed, limit in (
            (threads > limits["processes"], "processes"),
            (resident_kb > limits["mem_mb"] * 1024, "memory"),
            (running.cpu_s > limits["cpu_s"], "cpu"),
            (_printed_too_much(running), "output"),
        ):
            if is_passed:
                running.limit = running.limit or limit
                self._kill(running)

    def _processes(self, running: _Running) -> list[int]:
        """Returns the processes of the episode, but for its init."""
        # Orphans stay below: the init of their namespace takes them, or the zygote.
        return processes.descendants(running.pid if self._is_isolated else os.getpid())

    def _kill(self, running: _Running) -> None:
        if self._is_isolated:
            processes.kill(running.pid)
        else:
            processes.kill_tree(os.getpid())

    def _finish(self) -> dict[str, Any] | None:
        """Ends and reaps the episode; returns how it ended, or None where none ran."""
        running, self._running = self._running, None
        if running is None:
            return None
        end = self._end_all(running)
        if _printed_too_much(running):
            running.limit = running.limit or "output"
        if end.code in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
            running.limit = running.limit or "cpu"
        os.close(running.printed)
        self._remove_folder(running.places)
        return {
            "exit": _words(end.code),
            "limit": running.limit,
            "cpu_s": max(end.cpu_s, running.cpu_s),
            "peak_mb": max(end.peak_kb, running.peak_kb) / 1024,
            "broken": running.broken,
        }

    def _remove_folder(self, places: Places) -> None:
        if not self._is_isolated:
            shutil.rmtree(os.path.dirname(places.episode), ignore_errors=True)

    def _end_all(self, running: _Running) -> _End:
        with os.fdopen(running.ending, encoding="ascii") as ending:
            return (
                self._end_namespace(running, ending)
                if self._is_isolated
                else self._end_tree(running)
            )

    def _end_namespace(self, running: _Running, ending: TextIO) -> _End:
        """Ends the candidate; its init reaps all that it left, tells of it, and goes."""
        ready, _, _ = select.select([ending], [], [], _PARTING_S)
        if not ready:
            for pid in self._processes(running):
                processes.kill(pid)
        if told := ending.read().split():
            self._leaving.append(running.pid)
            return _End(int(told[0]), float(told[1]), int(told[2]))
        # The init was ended, or could not begin.
        _, status, spent = os.wait4(running.pid, 0)
        return _end_of(status, spent)

    def _end_tree(self, running: _Running) -> _End:
        """Ends the candidate and, as the reaper of orphans, what it left."""
        processes.kill(running.pid)
        _, status, spent = os.wait4(running.pid, 0)
        end = _end_of(status, spent)
        while True:
            try:
                pid, _, left = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return end
            end = end._replace(cpu_s=end.cpu_s + left.ru_utime + left.ru_stime)
            if pid == 0:
                processes.kill_tree(os.getpid())
                time.sleep(0.001)

    def _reap(self) -> None:
        """Takes leave of the inits whose walls have fallen."""
        self._leaving = [pid for pid in self._leaving if os.waitpid(pid, os.WNOHANG) == (0, 0)]


def _end_of(status: int, spent: resource.struct_rusage) -> _End:
    return _End(os.waitstatus_to_exitcode(status), spent.ru_utime + spent.ru_stime, spent.ru_maxrss)


def _plain_places(places: Places) -> Places:
    folder = tempfile.mkdtemp(prefix="episode-")
    work, artefact = os.path.join(folder, "work"), os.path.join(folder, "artefact")
    os.mkdir(work)
    os.mkdir(artefact)
    return places._replace(episode=work, artefact=artefact)


def _printed_too_much(running: _Running) -> bool:
    allowed: int = running.order.limits["output_kb"] * 1024
    return os.fstat(running.printed).st_size > allowed


def _words(code: int) -> str:
    if code < 0:
        return f"signal {-code}"
    return f"signal {code - 128}" if code > 128 else f"exit {code}"


def _import_ahead(modules: list[str]) -> str | None:
    """Imports what candidates will need; returns why one of them cannot be had, if so."""
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:  # noqa: BLE001 - a package is foreign code
            return f"'{module}' cannot be imported in the sandbox: {type(error).__name__}: {error}"
    return None


def _prepare_for_candidates() -> None:
    """Does once what every candidate would have to do after its fork."""
    # What was printed before a kill must be there, and no print may fail for its letters.
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    # From within its namespace an init cannot be ended by a signal that it does not handle.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Too large a file is an error that a candidate can read, not its death.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Objects that never die need not be looked at, and so not be copied, in each fork.
    gc.collect()
    gc.freeze()


def main() -> None:
    """Starts a zygote from its one argument, a JSON object."""
    settings = json.loads(sys.argv[1])
    sys.argv = ["candidate"]
    control = socket.socket(fileno=settings["control_fd"])
    walls = Walls(settings["is_isolated"], settings["has_loopback"])
    is_isolated = walls.is_isolated
    if settings["uid"] is not None:
        kernel.become(settings["uid"], keeps_reading=not is_isolated)
    kernel.set_dumpable(False)
    kernel.reap_orphans()
    if is_isolated:
        # Elsewhere the closed socket tells, and leaves time to end what is running.
        kernel.die_with_parent(signal.SIGKILL)
    sys.path.append(settings["packages"])
    problem = _import_ahead(settings["imports"])
    _prepare_for_candidates()
    control.send(json.dumps({"problem": problem}).encode())
    Zygote(control, places=Places(*settings["places"]), walls=walls).serve()


if __name__ == "__main__":
    main()
