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
import os, sys, time
sys.path.insert(0, "/inside")
from agentlab.sandbox.inside import kernel
if os.getuid() == 0:
    kernel.become(65534, keeps_reading=False)
for _ in range({rounds}):
    began = time.perf_counter()
    if os.fork() == 0:
        kernel.enter_namespaces()
        init = os.fork()
        if init == 0:
            kernel.mount_tmpfs("/episode", 8192)
            kernel.mount_tmpfs("/proc", 4)
            os._exit(0)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(init, 0)[1]))
    assert os.wait()[1] == 0
    print(1000 * (time.perf_counter() - began), flush=True)
"""


def main() -> None:
    """Measures and prints."""
    isolated, plain = open_bubblewrap(), open_plain()
    floor = _Times(_floor(isolated))
    print(f"{'bare fork, same namespaces':44} {floor}")
    for sandbox in (isolated, plain):
        for pause_s in (_PAUSE_S, 0.0):
            times = _Times(_episodes(sandbox, pause_s))
            told = f"{sandbox.layers}, pause {1000 * pause_s:g} ms"
            print(f"{told:44} {times}, {times.best_tenth / floor.best_tenth:.1f} x the bare fork")
        sandbox.close()


class _Times:
    def __init__(self, times_ms: list[float]) -> None:
        self.best_tenth, *_ = statistics.quantiles(times_ms, n=10)
        self.median = statistics.median(times_ms)

    def __str__(self) -> str:
        return f"{self.median:6.2f} ms, best tenth {self.best_tenth:6.2f} ms"


def _floor(sandbox: ZygoteSandbox) -> list[float]:
    launch = sandbox._launch
    code = _FLOOR.format(rounds=_ROUNDS)
    command = [*launch.prefix, launch.python, "-s", "-P", "-S", "-B", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return [float(line) for line in said.stdout.split()]


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
