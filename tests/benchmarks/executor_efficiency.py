"""Prints how much of 8 slots a run uses, and what a trial costs its driver, early and late.

A thousand trials of a world whose judge sleeps 0.2 s go the way that a run's trials go: desk, Ray,
wire, sandbox, store. Asked: ideal over real time from the first trial to the last of at least
95 %; at most 3 ms of the driver's processor per trial; the second half of the trials costs at most
1.1 x the first, in time and in the driver's processor.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.goal import Goal
from agentlab.core.limits import Limits
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue
from agentlab.experiment.journal import StoreJournal
from agentlab.search.desk import TrialDesk
from agentlab.store.run_folder import create_run_folder
from agentlab.store.store import RunInfo, Store
from agentlab.trials.ray_executor import RayExecutor

__all__ = ["ONE_LINER", "SleepingEnvironment", "sleeping_bench", "sleeping_trials"]

_SLOTS = 8
_HALF = 500
_JUDGE_S = 0.2
_SINCE = "2026-01-01T00:00:00+00:00"

ONE_LINER = Candidate(files={"agent.py": b"def solve(goal, tools): return 1"})
"""The least that a candidate can be."""


class _Sleep(Episode):
    """Asks for nothing; whatever is answered is right, after a while."""

    goal = Goal(instruction="")

    def __init__(self, judge_s: float) -> None:
        self._judge_s = judge_s

    def judge(self, answer: JsonValue) -> Outcome:
        time.sleep(self._judge_s)
        return Outcome(success=1)


class SleepingEnvironment(Environment):
    """One task whose judge sleeps."""

    def __init__(self, judge_s: float) -> None:
        self._judge_s = judge_s

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id="sleep", group="sleep")]

    def start(self, task: Task, seed: int) -> _Sleep:
        return _Sleep(self._judge_s)


def sleeping_bench(judge_s: float) -> Bench:
    """Returns a bench of the sleeping world, with limits as they are by default."""
    reference = "tests.benchmarks.executor_efficiency:SleepingEnvironment"
    return Bench(
        environment=EnvironmentSpec(reference=reference, options={"judge_s": judge_s}),
        target=TargetSpec(),
        limits=Limits(),
    )


def sleeping_trials(bench: Bench, seeds: range) -> list[Trial]:
    """Returns a trial of the one-liner on each seed."""
    (task,) = SleepingEnvironment(0).tasks("train")
    return [
        Trial(
            bench=bench.digest,
            candidate=ONE_LINER.digest,
            pair=Pair(task=task, seed=seed, split="train", cluster=f"{task.id}#{seed}"),
        )
        for seed in seeds
    ]


def main() -> None:
    """Measures and prints."""
    bench = sleeping_bench(_JUDGE_S)
    executor = RayExecutor(bench, slots=_SLOTS)
    executor.open()
    try:
        with tempfile.TemporaryDirectory() as place:
            queued, first, second = _costs(bench, executor, Path(place))
    finally:
        executor.close()
    trials = 2 * _HALF
    real_s = queued.wall_s + first.wall_s + second.wall_s
    efficiency = trials * _JUDGE_S / _SLOTS / real_s
    cpu_ms = 1000 * (queued.cpu_s + first.cpu_s + second.cpu_s) / trials
    time_ratio, cpu_ratio = second.wall_s / first.wall_s, second.cpu_s / first.cpu_s
    print(f"{trials} trials of {_JUDGE_S} s in {_SLOTS} slots, in {real_s:.1f} s")
    print(f"{'':32} {'measured':>9} {'asked':>9}")
    print(f"{'efficiency, first to last trial':32} {efficiency:9.1%} {'>= 95 %':>9}")
    print(f"{'driver CPU per trial':32} {f'{cpu_ms:.2f} ms':>9} {'<= 3 ms':>9}")
    print(f"{'time, second half to first':32} {f'x {time_ratio:.2f}':>9} {'<= x 1.1':>9}")
    print(f"{'driver CPU, second half to first':32} {f'x {cpu_ratio:.2f}':>9} {'<= x 1.1':>9}")


class _Cost(NamedTuple):
    wall_s: float
    cpu_s: float
    """Processor seconds of the driver."""


def _costs(bench: Bench, executor: RayExecutor, place: Path) -> tuple[_Cost, _Cost, _Cost]:
    """Returns what it cost to queue all trials, and to measure and keep each half of them."""
    folder = create_run_folder(place, "efficiency")
    with closing(Store.open(folder.database_url)) as store:
        store.create_run(RunInfo(folder.name, _SINCE, "0", "running", {}, None))
        journal = StoreJournal(store, folder)
        journal.add_candidate(ONE_LINER)
        desk = TrialDesk(executor, journal, artefacts=folder.artefacts)
        candidates = {ONE_LINER.digest: ONE_LINER}
        desk.records(sleeping_trials(bench, range(2 * _SLOTS)), candidates)
        trials = sleeping_trials(bench, range(2 * _SLOTS, 2 * _SLOTS + 2 * _HALF))

        def measure(half: list[Trial]) -> None:
            desk.records(half, candidates)
            desk.flush()

        return (
            _cost_of(lambda: desk.want(trials, candidates, urgency=0)),
            _cost_of(lambda: measure(trials[:_HALF])),
            _cost_of(lambda: measure(trials[_HALF:])),
        )


def _cost_of(work: Callable[[], None]) -> _Cost:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return _Cost(time.perf_counter() - wall_s, time.process_time() - cpu_s)


if __name__ == "__main__":
    main()
