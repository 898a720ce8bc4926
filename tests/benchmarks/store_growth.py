"""Prints what a trial costs the driver and the disk, and whether that grows with history.

python -m tests.benchmarks.store_growth [TRIALS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.store.store import RunInfo, Store

_SAVED_AT_ONCE = 5
"""Trials of one transaction: 20 trials per second, saved four times in one."""

_CANDIDATE = Candidate(files={"agent.py": b"def solve(goal, tools):\n    return None\n" * 20})


class Cost(NamedTuple):
    """What one part of the history cost, per trial."""

    wall_ms: float
    cpu_ms: float
    lookup_ms: float


def _record(number: int, *, items: int) -> TrialRecord:
    chance = random.Random(number)
    task = f"shop_search/quantity-{chance.randrange(12)}"
    seed = chance.randrange(2**31)
    return TrialRecord(
        key=digest(["trial", number]),
        bench=digest("bench"),
        candidate=_CANDIDATE.digest,
        task=task,
        split="validation",
        seed=seed,
        cluster=f"{task}#{seed % 64}",
        fate=Fate.SOLVED if number % 3 else Fate.FAILED,
        outcome=Outcome(
            success=float(bool(number % 3)),
            metrics={"hygiene": 1.0, "clicks": float(chance.randrange(9))},
            items=tuple(
                ItemOutcome(id=f"query-{n}", cluster=f"group-{n % 40}", success=chance.random())
                for n in range(items)
            ),
            feedback="" if number % 3 else "the cart holds 2 of item 'Blue kettle', wanted 3",
        ),
        usage=Usage(
            cost_usd=chance.random() / 100,
            cost_kind="simulated",
            context_tokens=chance.randrange(20_000),
            context_tokens_max=chance.randrange(4_000),
            wall_s=round(chance.random(), 4),
            cpu_s=round(chance.random(), 4),
            tool_calls=chance.randrange(30),
            steps=chance.randrange(30),
        ),
        sandbox="bubblewrap+landlock+seccomp",
    )


def _save(store: Store, records: list[TrialRecord]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(records), _SAVED_AT_ONCE):
        store.save_trials("bench", records[start : start + _SAVED_AT_ONCE])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    began = time.perf_counter()
    for record in records[:: max(1, len(records) // 100)]:
        store.trial("bench", record.key)
    lookups = len(records[:: max(1, len(records) // 100)])
    lookup = (time.perf_counter() - began) / lookups
    return Cost(1000 * wall / len(records), 1000 * cpu / len(records), 1000 * lookup)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _measure(trials: int, *, items: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        url = f"sqlite:///{folder / 'agentlab.sqlite'}"
        store = Store.open(url)
        store.create_run(RunInfo("bench", "2026-01-01T00:00:00+00:00", "0", "running", {}, None))
        store.add_candidate("bench", _CANDIDATE)
        # The first transactions of a process pay for compiled statements and for a WAL that grows.
        warm_up = 500
        _save(store, [_record(-1 - n, items=items) for n in range(warm_up)])
        store.close()
        before = _size(folder)
        store = Store.open(url)
        step = trials // 10
        parts = [
            _save(store, [_record(n, items=items) for n in range(start, start + step)])
            for start in range(0, trials, step)
        ]
        began = time.perf_counter()
        assert len(store.trials("bench")) == trials + warm_up
        read_s = time.perf_counter() - began
        store.close()
        per_trial = (_size(folder) - before) / trials
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    print(f"{trials} trials of {items or 'no'} items, {_SAVED_AT_ONCE} a transaction")
    for name in Cost._fields:
        before = statistics.median(getattr(part, name) for part in first)
        after = statistics.median(getattr(part, name) for part in second)
        print(
            f"  {name:10} first half {before:.3f}, second half {after:.3f}: x {after / before:.2f}"
        )
    print(f"  disk       {per_trial:.0f} bytes a trial")
    print(f"  read all   {1000 * read_s / trials:.4f} ms a trial")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    _measure(count, items=0)
    _measure(count, items=20)
