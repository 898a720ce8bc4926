"""Prints what becomes of trials while candidates do their worst beside good ones.

One candidate in ten fails in one way of its own, under the limits that a run has by default, in a
world where a good one always succeeds. Asked: each bad trial costs itself alone, with its fate
recorded; no good trial is lost; nothing is blamed on our side. And with three in ten hanging, every
good one is measured.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Bench, Pair, Trial, TrialRecord
from agentlab.testing.hostile import HOSTILE, candidate_doing
from agentlab.trials.ray_executor import RayExecutor

_SLOTS = 4
_TRIALS = 20
_TASK = Task(id="open-0", group="open")
_GOOD = candidate_doing("return tools.roll()")
_KINDS = (
    "raises",
    "exits at once",
    "kills itself",
    "hangs",
    "loops",
    "prints 50 MB",
    "takes 10 GB",
    "answers NaN",
    "answers a string",
)
_BODIES = {hostile.name: hostile.body for hostile in HOSTILE}


def main() -> None:
    """Runs each kind and prints what was recorded."""
    bench = Bench(
        environment=EnvironmentSpec(
            reference="agentlab.testing.environments.mishaps:MishapsEnvironment"
        ),
        target=TargetSpec(),
        limits=Limits(),
    )
    executor = RayExecutor(bench, slots=_SLOTS)
    print(f"{executor.open().sandbox}, {_SLOTS} slots, {_TRIALS} trials a row")
    print(f"{'kind':18} {'share':>5} {'bad':>4} {'good lost':>9} {'infra':>5} {'s':>5}  recorded")
    try:
        for kind in _KINDS:
            _measure(executor, bench, kind, bad_in_ten=1)
        _measure(executor, bench, "hangs", bad_in_ten=3)
    finally:
        executor.close()


def _measure(executor: RayExecutor, bench: Bench, kind: str, *, bad_in_ten: int) -> None:
    villain = candidate_doing(_BODIES[kind])
    began = time.monotonic()
    records = _records(executor, bench, [villain] * bad_in_ten + [_GOOD] * (10 - bad_in_ten))
    wall_s = time.monotonic() - began
    recorded = Counter(
        f"{record.fate}: {record.reason or 'judged'}"
        for record in records
        if record.candidate == villain.digest
    )
    lost = sum(
        record.candidate == _GOOD.digest and record.fate is not Fate.SOLVED for record in records
    )
    infra = sum(record.fate is Fate.INFRA for record in records)
    told = "; ".join(f"{count} x {fate}" for fate, count in recorded.items())
    share, bad = bad_in_ten / 10, recorded.total()
    print(f"{kind:18} {share:5.0%} {bad:4} {lost:9} {infra:5} {wall_s:5.1f}  {told}", flush=True)


def _records(
    executor: RayExecutor, bench: Bench, candidates: Sequence[Candidate]
) -> list[TrialRecord]:
    """Returns the records of candidates that take turns."""
    for seed in range(_TRIALS):
        candidate = candidates[seed % len(candidates)]
        pair = Pair(task=_TASK, seed=seed, split="train", cluster=f"{_TASK.id}#{seed}")
        trial = Trial(bench=bench.digest, candidate=candidate.digest, pair=pair)
        executor.submit(trial, candidate)
    records = []
    while executor.in_flight:
        finished = executor.next_finished(5.0)
        records += [finished.record] if finished else []
    return records


if __name__ == "__main__":
    main()
