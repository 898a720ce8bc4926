"""What an empty episode costs, beside a bare fork into the same namespaces in the same run.

Prints the median and the best tenth of a start, a trivial answer and an end, warm, with a pause
between episodes in which a worker would judge, and without one.
"""

from __future__ import annotations

import base64
import os
import statistics
import subprocess
import time

from agentlab.core.limits import Limits
from agentlab.core.value import JsonValue
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.plain import open_plain
from agentlab.sandbox.zygote_sandbox import ZygoteSandbox

__all__ = ["bare_forks_ms"]

_ROUNDS = 200
_PAUSE_S = 0.005
_START: dict[str, JsonValue] = {
    "start": {
        "files": {
            "agent.py": base64.b64encode(b"def solve(goal, tools): return 1").decode(),
        },
        "entry": "agent.py:solve",
        "mode": "solve",
        "goal": {"instruction": "", "inputs": {}},
        "tools": {},
    }
}
_FLOOR = """
import ctypes, os, sys, time
sys.path.insert(0, "/inside")
from agentlab.sandbox.inside import kernel
if os.getuid() == 0:
    kernel.become(65534, keeps_reading=False)
libc = ctypes.CDLL(None, use_errno=True)
outer = os.getuid(), os.getgid()

def mount_and_leave():
    kernel.mount_tmpfs("/episode", 8192)
    kernel.mount_tmpfs("/proc", 4)
    os._exit(0)

def fork_and_unshare():
    pid = os.fork()
    if pid == 0:
        kernel.set_dumpable(True)
        kernel.check(libc.unshare(0x38020000), "unshare")
        kernel.name_user(outer)
        if os.fork() == 0:
            mount_and_leave()
        os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
    return pid

def clone():
    pid = kernel.fork_into_namespaces()
    if pid == 0:
        kernel.name_user(outer)
        mount_and_leave()
    return pid

for _ in range({rounds}):
    time.sleep({pause_s})
    began = time.perf_counter()
    assert os.waitpid({way}(), 0)[1] == 0
    print(1000 * (time.perf_counter() - began), flush=True)
"""
"""Forks into the namespaces that an episode gets: by unshare(2), as `unshare` and bubblewrap do it,
and by one clone(2), as the zygote does."""


def main() -> None:
    """Measures and prints."""
    isolated, plain = open_bubblewrap(), open_plain()
    ways = {"fork_and_unshare": "by unshare", "clone": "by one clone"}
    floors = {way: _Times(bare_forks_ms(isolated, way)) for way in ways}
    for way, told in ways.items():
        print(f"{f'bare fork, same namespaces, {told}':44} {floors[way]}")
    floor = floors["fork_and_unshare"]
    for sandbox in (isolated, plain):
        for pause_s in (_PAUSE_S, 0.0):
            times = _Times(_episodes(sandbox, pause_s))
            told = f"{sandbox.layers}, pause {1000 * pause_s:g} ms"
            print(f"{told:44} {times}, {times.best_tenth / floor.best_tenth:.1f} x the bare fork")
        sandbox.close()


def bare_forks_ms(
    sandbox: ZygoteSandbox, way: str = "fork_and_unshare", *, pause_s: float = 0.0
) -> list[float]:
    """Returns what forks into the same namespaces take, with nothing else in them."""
    launch = sandbox._launch
    code = _FLOOR.format(rounds=_ROUNDS, way=way, pause_s=pause_s)
    command = [*launch.prefix, launch.python, "-s", "-P", "-S", "-B", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return [float(line) for line in said.stdout.split()]


class _Times:
    def __init__(self, times_ms: list[float]) -> None:
        self.best_tenth, *_ = statistics.quantiles(times_ms, n=10)
        self.median = statistics.median(times_ms)

    def __str__(self) -> str:
        return f"{self.median:6.2f} ms, best tenth {self.best_tenth:6.2f} ms"


def _episodes(sandbox: ZygoteSandbox, pause_s: float) -> list[float]:
    times_ms = []
    for _ in range(_ROUNDS):
        time.sleep(pause_s)
        began = time.perf_counter()
        process = sandbox.start(Limits())
        process.channel.send(_START)
        assert process.channel.receive(time.monotonic() + 10) == {"answer": 1}
        process.end()
        times_ms.append(1000 * (time.perf_counter() - began))
    return times_ms


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    main()
