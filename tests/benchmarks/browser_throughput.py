"""Prints how many browser episodes a second this machine does, beside a fresh context for each.

An episode is whole: a site of its own, a candidate in the sandbox that observes and clicks three
times, a verdict. Ours begins at a fresh origin in a context that stays; beside it, in the same run
and all else the same, each episode begins in a fresh browser context. Asked, on two cores: at least
6 a second in all, or 3 x the fresh contexts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.limits import Limits
from agentlab.core.task import SplitName, Task
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.references import build_environment
from agentlab.testing.hostile import candidate_doing
from agentlab.trials.ray_executor import RayExecutor

_SLOTS = 3
"""On two cores as many as `experiments/browser.yaml` takes: a page waits now and then."""

_EPISODES = 60
_ROUNDS = 2
_WAYS = {
    "fresh origin": "environments/browser",
    "fresh context": "tests.benchmarks.browser_throughput:FreshContexts",
}
_THREE_STEPS = candidate_doing(
    """
    for step in range(3):
        links = tools.observe(roles=["link"])["nodes"]
        try:
            tools.click(links[step % len(links)]["ref"])
        except tools.Error:
            continue  # it lies under a banner
    """
)


class FreshContexts(Environment):
    """The browser's world with a fresh context for each episode."""

    def __init__(self) -> None:
        # Any: its class is known to its folder alone.
        self._world: Any = build_environment(EnvironmentSpec(reference="environments/browser"))
        self.traits = self._world.traits

    def tasks(self, split: SplitName) -> Sequence[Task]:
        tasks: Sequence[Task] = self._world.tasks(split)
        return tasks

    def start(self, task: Task, seed: int) -> Episode:
        if self._world._pool is not None:
            self._world._pool.retire_context()
        episode: Episode = self._world.start(task, seed)
        return episode

    def fingerprint(self) -> Mapping[str, str]:
        versions: Mapping[str, str] = self._world.fingerprint()
        return versions

    def close(self) -> None:
        self._world.close()


def main() -> None:
    """Measures and prints."""
    rates: dict[str, list[float]] = {way: [] for way in _WAYS}
    for _ in range(_ROUNDS):
        for way, reference in _WAYS.items():
            rates[way].append(_episodes_per_s(reference))
    ours, theirs = (sum(found) / _ROUNDS for found in rates.values())
    print(f"{_SLOTS} slots, {_ROUNDS} x {_EPISODES} episodes of 3 steps")
    print(f"{'fresh origin':14} {ours:5.1f} episodes/s (asked: 6, or 3 x the fresh context)")
    print(f"{'fresh context':14} {theirs:5.1f} episodes/s")
    print(f"{'ratio':14} {ours / theirs:5.1f} x")


def _episodes_per_s(reference: str) -> float:
    bench = Bench(
        environment=EnvironmentSpec(reference=reference), target=TargetSpec(), limits=Limits()
    )
    executor = RayExecutor(bench, slots=_SLOTS)
    executor.open()
    try:
        world = build_environment(EnvironmentSpec(reference="environments/browser"))
        tasks = [task for task in world.tasks("train") if task.id.startswith("shop")]
        _run(executor, bench, tasks, range(2 * _SLOTS))
        began = time.perf_counter()
        records = _run(executor, bench, tasks, range(2 * _SLOTS, 2 * _SLOTS + _EPISODES))
        rate = len(records) / (time.perf_counter() - began)
    finally:
        executor.close()
    broken = [record.reason for record in records if not record.fate.is_judged]
    steps = sum(record.usage.steps for record in records) / len(records)
    print(f"  {reference}: {rate:.1f}/s, {steps:.1f} calls an episode, {len(broken)} broken")
    return rate


def _run(
    executor: RayExecutor, bench: Bench, tasks: Sequence[Task], seeds: range
) -> list[TrialRecord]:
    for seed in seeds:
        task = tasks[seed % len(tasks)]
        pair = Pair(task=task, seed=seed, split="train", cluster=f"{task.id}#{seed}")
        trial = Trial(bench=bench.digest, candidate=_THREE_STEPS.digest, pair=pair)
        executor.submit(trial, _THREE_STEPS)
    records = []
    while executor.in_flight:
        finished = executor.next_finished(5.0)
        records += [finished.record] if finished else []
    return records


if __name__ == "__main__":
    main()
