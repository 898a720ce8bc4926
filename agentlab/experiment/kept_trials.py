"""Where the trials of promotions are kept: beside the run, in a store of their own.

In the run's store they would stand among the trials of its search, on worlds that it never saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.experiment.benchmarks import Benchmark
from agentlab.experiment.journal import begin_run
from agentlab.search.desk import Ledger
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from agentlab.trials.executor import Finished

__all__ = ["KeptTrials", "open_kept_trials"]


class KeptTrials:
    """Finished trials, by benchmark."""

    def __init__(self, store: Store, *, artefacts: Path, now: datetime) -> None:
        self._store = store
        self._now = now
        self.artefacts = artefacts
        """What preparations left behind."""

    def of(self, benchmark: Benchmark) -> Ledger:
        """Returns those that were measured while code and data of the world were as they are."""
        folders = benchmark.content.folders.items()
        world = digest({key: found for key, found in folders if key.startswith("environment.")})
        name = f"{benchmark.experiment.name}-{world[:16]}"
        if name not in {run.name for run in self._store.runs()}:
            begin_run(self._store, name, benchmark.experiment, status="promotion", now=self._now)
        return _BenchmarkTrials(self._store, name)


class _BenchmarkTrials:
    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._trials = {record.key: record for record in store.trials(name)}

    def trial(self, key: str) -> TrialRecord | None:
        return self._trials.get(key)

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        self._store.save_trials(self._name, records)

    def save_trace(self, finished: Finished) -> None:
        pass


@contextmanager
def open_kept_trials(folder: RunFolder, *, now: datetime) -> Iterator[KeptTrials]:
    """Opens the trials of a run's promotions; its driver alone may."""
    folder.promotions.mkdir(exist_ok=True)
    store = Store(folder.promotion_trials_url)
    try:
        yield KeptTrials(store, artefacts=folder.promotions / "artefacts", now=now)
    finally:
        store.close()
