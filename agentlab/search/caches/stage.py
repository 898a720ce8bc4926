"""Where the probe plays: a desk, a measuring and a worker as a run has them, begun from nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.trial import Bench, Pair, TraceFrame, TrialRecord
from agentlab.search.caches.played import Played, played
from agentlab.search.desk import TrialDesk
from agentlab.search.measuring import Measuring
from agentlab.trials.executor import Executor, Finished

__all__ = ["Setting", "Stage", "TraceLedger"]


class Setting(NamedTuple):
    """What every stage of a probe shares."""

    bench: Bench
    needs_preparation: bool
    preparation_seed: int
    on_trials: Callable[[int], None]
    """Told how many trials were measured for an episode."""


class TraceLedger:
    """Keeps no trials, so that each is measured; remembers the frames of each."""

    def __init__(self) -> None:
        self.traces: dict[str, Sequence[TraceFrame]] = {}

    def trial(self, key: str) -> TrialRecord | None:
        """Knows nothing of earlier."""
        return None

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        """Keeps nothing."""

    def save_trace(self, finished: Finished) -> None:
        """Remembers the frames of a trial."""
        self.traces[finished.record.key] = finished.trace


class Stage:
    """One process in which candidates are played, one after the other."""

    def __init__(self, setting: Setting, executor: Executor) -> None:
        """Makes the stage; its process starts with the first trial.

        Args:
            setting: What all stages share.
            executor: Where trials run: a new process, not opened yet.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="agentlab-probe-")
        self._executor = executor
        self._ledger = TraceLedger()
        self._on_trials = setting.on_trials
        self._desk = TrialDesk(executor, self._ledger, artefacts=Path(self._folder.name))
        self._measuring = Measuring(
            self._desk,
            bench=setting.bench.digest,
            needs_preparation=setting.needs_preparation,
            preparation_seed=setting.preparation_seed,
        )

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def play(self, candidate: Candidate, pair: Pair) -> Played:
        """Prepares a candidate where the world asks for it, and runs it on a pair.

        Raises:
            InputError: the environment cannot be built.
            InfraError: the process could not be started.
            NothingMeasurable: our side failed too often.
        """
        before = self._desk.measured
        try:
            return self._played(candidate, pair)
        finally:
            self._on_trials(self._desk.measured - before)

    def _played(self, candidate: Candidate, pair: Pair) -> Played:
        refused = self._measuring.prepare([candidate]).get(candidate.digest)
        if refused is not None:
            return played(refused, (), None)
        (record,) = self._measuring.on(candidate, [pair], trace="always")
        preparation = next(iter(self._measuring.preparation(candidate)), None)
        return played(record, self._ledger.traces.get(record.key, ()), preparation)

    def close(self) -> None:
        """Ends the process."""
        self._executor.close()
        self._folder.cleanup()
