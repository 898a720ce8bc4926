"""Prints what an empty trial costs on Ray, beside the least that its walls and its actor cost.

The trial goes to a warm Ray actor, over the wire into the sandbox, and back; the candidate answers
a number. The floor, measured in the same run: a bare fork into the same namespaces and a call of an
actor that does nothing. Asked: a median of at most 10 ms and at most 2 x the floor.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import closing

import ray

from agentlab.core.outcome import Fate
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.trials.ray_executor import RayExecutor
from tests.benchmarks.executor_efficiency import ONE_LINER, sleeping_bench, sleeping_trials
from tests.benchmarks.sandbox_overhead import bare_forks_ms

_TIMES = 300
_WARM_UP = 20
_PAUSE_S = 0.01


@ray.remote(num_cpus=0)
class _Idle:
    def call(self) -> None:
        """Does nothing."""


def main() -> None:
    """Measures and prints."""
    bench = sleeping_bench(0)
    executor = RayExecutor(bench, slots=1)
    layers = executor.open().sandbox
    trials = iter(sleeping_trials(bench, range(2 * _TIMES + _WARM_UP)))
    idle = _Idle.remote()  # type: ignore[attr-defined]

    def run_trial() -> None:
        executor.submit(next(trials), ONE_LINER)
        finished = executor.next_finished(10.0)
        assert finished is not None
        assert finished.record.fate is Fate.SOLVED, finished.record.reason

    try:
        for _ in range(_WARM_UP):
            run_trial()
        print(f"{layers}; {_TIMES} times each, medians in ms")
        print(f"{'':22} {'fork':>6} {'call':>6} {'trial':>6}  over the floor (asked: 10 ms, 2 x)")
        for name, pause_s in (("back to back", 0.0), ("a pause before each", _PAUSE_S)):
            fork_ms = _fork_ms(pause_s)
            call_ms = _median_ms(lambda: ray.get(idle.call.remote()), pause_s)
            trial_ms = _median_ms(run_trial, pause_s)
            ratio = trial_ms / (fork_ms + call_ms)
            print(f"{name:22} {fork_ms:6.2f} {call_ms:6.2f} {trial_ms:6.2f} {ratio:13.1f} x")
    finally:
        executor.close()


def _fork_ms(pause_s: float) -> float:
    with closing(open_bubblewrap()) as sandbox:
        return statistics.median(bare_forks_ms(sandbox, pause_s=pause_s))


def _median_ms(work: Callable[[], None], pause_s: float) -> float:
    times_ms = []
    for _ in range(_TIMES):
        time.sleep(pause_s)
        began = time.perf_counter()
        work()
        times_ms.append(1000 * (time.perf_counter() - began))
    return statistics.median(times_ms)


if __name__ == "__main__":
    main()
