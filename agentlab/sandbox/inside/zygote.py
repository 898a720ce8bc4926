"""The zygote: a warm interpreter that forks one episode after another. Runs inside the sandbox.

It takes orders over a socket that it alone holds, passes each episode its pipes, watches memory,
processes and output while the episode runs, and reaps it. It never runs a line of a candidate.
"""

from __future__ import annotations

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
from typing import Any

from agentlab.sandbox.inside import kernel
from agentlab.sandbox.inside.episode import Order, Places, be_candidate, be_warden

__all__ = ["Zygote", "main"]

_TICK_S = 0.05
_KEPT_OUTPUT = 16 * 1024
_PAGE = resource.getpagesize()
_CLOCK_TICK = os.sysconf("SC_CLK_TCK")


class _Running:
    """An episode in progress."""

    def __init__(self, order: Order, pid: int, output: int) -> None:
        self.order = order
        self.pid = pid
        self.init: int | None = None
        self.broken: str | None = None
        self.output: int | None = output
        self.head = b""
        self.tail = b""
        self.printed_bytes = 0
        self.limit: str | None = None
        self.peak_kb = 0
        self.sampled_cpu_s = 0.0


class Zygote:
    """Serves orders until its socket closes."""

    def __init__(self, control: socket.socket, *, places: Places, is_isolated: bool) -> None:
        self._control = control
        self._places = places
        self._is_isolated = is_isolated
        self._running: _Running | None = None

    def serve(self) -> None:
        """Handles one message or one tick at a time."""
        while True:
            readable: list[Any] = [self._control]
            if self._running is not None and self._running.output is not None:
                readable.append(self._running.output)
            ready, _, _ = select.select(readable, [], [], _TICK_S if self._running else None)
            if self._running is not None:
                self._drain(self._running)
                self._watch(self._running)
            if self._control in ready:
                message, descriptors = self._receive()
                if message is None:
                    self._finish()
                    return
                self._obey(message, descriptors)

    def _receive(self) -> tuple[dict[str, Any] | None, list[int]]:
        data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 2)
        return (json.loads(data) if data else None), descriptors

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "start" in message:
            self._start(Order(**message["start"]), descriptors)
        elif "end" in message:
            self._answer(self._finish() or {"exit": "not started"})

    def _answer(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps(message, ensure_ascii=False).encode())

    def _start(self, order: Order, descriptors: list[int]) -> None:
        self._finish()
        wire = (descriptors[0], descriptors[1])
        output, output_in = os.pipe()
        os.set_blocking(output, False)
        status, status_in = os.pipe()
        if len(os.listdir("/proc/self/task")) != 1:
            raise RuntimeError("a zygote with threads must not fork")
        places = self._places if self._is_isolated else self._plain_places()
        pid = os.fork()
        if pid == 0:
            self._control.close()
            os.close(output)
            os.close(status)
            os.setsid()
            if self._is_isolated:
                be_warden(order, places, wire, output_in, status_in)
            be_candidate(order, places, wire, output_in, is_isolated=False)
        for descriptor in (*wire, output_in, status_in):
            os.close(descriptor)
        self._running = _Running(order, pid, output)
        if self._is_isolated:
            self._meet_init(self._running, status)
        os.close(status)

    def _plain_places(self) -> Places:
        folder = tempfile.mkdtemp(prefix="episode-")
        artefact = os.path.join(folder, "artefact")
        os.makedirs(os.path.join(folder, "work"))
        os.makedirs(artefact)
        self._places = self._places._replace(
            episode=os.path.join(folder, "work"), artefact=artefact
        )
        return self._places

    def _meet_init(self, running: _Running, status: int) -> None:
        """Learns from the warden who the episode's init is, or why there is none."""
        line = os.read(status, 4096).decode("utf-8", "replace").strip()
        if line.isdigit():
            running.init = int(line)
        else:
            running.broken = line or "the warden died"

    def _drain(self, running: _Running) -> None:
        if running.output is None:
            return
        try:
            chunk = os.read(running.output, 1 << 16)
        except BlockingIOError:
            return
        if not chunk:
            os.close(running.output)
            running.output = None
            return
        running.printed_bytes += len(chunk)
        room = _KEPT_OUTPUT - len(running.head)
        running.head += chunk[: max(0, room)]
        running.tail = (running.tail + chunk[max(0, room) :])[-_KEPT_OUTPUT:]
        if running.printed_bytes > running.order.limits["output_kb"] * 1024:
            self._stop(running, "output")

    def _watch(self, running: _Running) -> None:
        """Sums up what the episode's processes hold, and stops it where it passes a limit."""
        resident_kb = processes = 0
        cpu_s = 0.0
        for pid in self._others():
            usage = _usage_of(pid)
            if usage is not None and pid not in (running.init, running.pid if running.init else 0):
                resident_kb += usage[0]
                processes += usage[1]
                cpu_s += usage[2]
        running.peak_kb = max(running.peak_kb, resident_kb)
        running.sampled_cpu_s = max(running.sampled_cpu_s, cpu_s)
        limits = running.order.limits
        if resident_kb > limits["mem_mb"] * 1024:
            self._stop(running, "memory")
        elif processes > limits["processes"]:
            self._stop(running, "processes")
        elif cpu_s > limits["cpu_s"]:
            self._stop(running, "cpu")

    def _others(self) -> list[int]:
        """Returns the processes of the episode."""
        if self._is_isolated:
            # In the sandbox's own PID namespace there is the reaper (1), the zygote and the episode.
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
        return _descendants(os.getpid())

    def _stop(self, running: _Running, limit: str | None = None) -> None:
        running.limit = running.limit or limit
        if running.init is not None:
            _kill(running.init)
        elif self._is_isolated:
            _kill(running.pid)
        else:
            while victims := [pid for pid in _descendants(os.getpid()) if not _is_zombie(pid)]:
                for pid in victims:
                    _kill(pid)
                time.sleep(0.001)

    def _finish(self) -> dict[str, Any] | None:
        """Ends and reaps the episode; returns how it ended."""
        running, self._running = self._running, None
        if running is None:
            return None
        self._stop(running)
        _, status, spent = os.wait4(running.pid, 0)
        cpu_s = spent.ru_utime + spent.ru_stime
        cpu_s += self._reap_orphans()
        self._drain_rest(running)
        if running.output is not None:
            os.close(running.output)
        if not self._is_isolated:
            shutil.rmtree(os.path.dirname(self._places.episode), ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if running.limit is None and code in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
            running.limit = "cpu"
        return {
            "exit": _words(code),
            "limit": running.limit,
            "cpu_s": max(cpu_s, running.sampled_cpu_s),
            "peak_mb": max(running.peak_kb, 0) / 1024,
            "printed": _printable(running.head + running.tail),
            "broken": running.broken,
        }

    def _drain_rest(self, running: _Running) -> None:
        for _ in range(64):
            before = running.printed_bytes
            self._drain(running)
            if running.printed_bytes == before:
                return

    def _reap_orphans(self) -> float:
        cpu_s = 0.0
        while True:
            try:
                pid, _, spent = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return cpu_s
            if pid == 0:
                return cpu_s
            cpu_s += spent.ru_utime + spent.ru_stime


def _usage_of(pid: int) -> tuple[int, int, float] | None:
    """Returns resident KiB, threads and processor seconds, or None for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rsplit(b")", 1)[1].split()
    except (OSError, IndexError):
        return None
    cpu_ticks = int(fields[11]) + int(fields[12])
    return int(fields[21]) * _PAGE // 1024, int(fields[17]), cpu_ticks / _CLOCK_TICK


def _is_zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()[0] in (b"Z", b"X")
    except (OSError, IndexError):
        return True


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parent = int(file.read().rsplit(b")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(name))
    found: list[int] = []
    queue = [root]
    while queue:
        for child in children.get(queue.pop(), ()):
            found.append(child)
            queue.append(child)
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _printable(printed: bytes) -> str:
    """Returns what was printed without anything that a terminal or JSON would blow up on."""
    text = printed.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in text)


def _words(code: int) -> str:
    if code < 0:
        return f"signal {-code}"
    return f"signal {code - 128}" if code > 128 else f"exit {code}"


def main() -> None:
    """Starts a zygote from its one argument, a JSON object."""
    settings = json.loads(sys.argv[1])
    sys.argv = ["candidate"]
    control = socket.socket(fileno=settings["control_fd"])
    if settings["uid"] is not None:
        os.setgroups([])
        os.setresgid(settings["uid"], settings["uid"], settings["uid"])
        os.setresuid(settings["uid"], settings["uid"], settings["uid"])
    kernel.set_dumpable(False)
    kernel.die_with_parent(signal.SIGKILL)
    kernel.reap_orphans()
    sys.path.append(settings["packages"])
    for module in settings["imports"]:
        importlib.import_module(module)
    places = Places(*settings["places"])
    control.send(json.dumps({"ready": os.getpid()}).encode())
    Zygote(control, places=places, is_isolated=settings["is_isolated"]).serve()


if __name__ == "__main__":
    main()
