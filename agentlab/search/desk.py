"""Between the search and the executor: what is wanted, what is running, what is known.

The search says which trials it needs and waits for those; trials that it will probably need later
wait behind them, so that no slot idles. What the search sees depends on what it asked, never on
what arrived first.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from agentlab.core.trial import Trial, TrialRecord
from agentlab.errors import NothingMeasurable
from agentlab.trials.artefacts import keep_artefact, read_artefact
from agentlab.trials.executor import Executor, Finished

__all__ = ["Ledger", "Reused", "TrialDesk"]

_ATTEMPTS = 3
"""How often a trial is tried while our side fails; then its pair stays unmeasured."""

_UNMEASURABLE_AFTER = 12
"""Lost attempts in a row, none measured between them, after which the run stops."""

_SAVE_EVERY_S = 0.25
_TICK_S = 0.5


class Ledger(Protocol):
    """Where finished trials are kept."""

    def trial(self, key: str) -> TrialRecord | None:
        """Returns a trial that was measured earlier, or None."""
        ...

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        """Keeps trials; a key that is there already is left as it is."""
        ...

    def save_trace(self, finished: Finished) -> None:
        """Keeps the frames and the evidence of a trial."""
        ...


class _Wanted(NamedTuple):
    trial: Trial
    candidate: Candidate


class Reused(NamedTuple):
    """A trial that was answered without being measured for it."""

    trial: Trial
    candidate: Candidate
    record: TrialRecord


class TrialDesk:
    """Measures trials by need: each once, the urgent first, none lost."""

    def __init__(
        self,
        executor: Executor,
        ledger: Ledger,
        *,
        artefacts: Path,
        on_tick: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._executor = executor
        self._ledger = ledger
        self._artefacts = artefacts
        self._on_tick = on_tick
        self._clock = clock
        self._known: dict[str, TrialRecord] = {}
        self._recalled: set[str] = set()
        self._returned: set[str] = set()
        self._queue: list[tuple[int, int, str]] = []
        self._order = itertools.count()
        self._wanted: dict[str, _Wanted] = {}
        self._attempts: dict[str, int] = {}
        self._unsaved: list[TrialRecord] = []
        self._saved_at = clock()
        self._lost_in_a_row = 0
        self.measured = 0
        """Trials measured by this process."""

        self.lost = 0
        """Attempts that our side lost."""

        self.reused: dict[str, Reused] = {}
        """By key, trials of an earlier session and those that were asked for again."""

    @property
    def seen(self) -> int:
        """Different trials known by now, those of earlier sessions included."""
        return len(self._known)

    def want(
        self, trials: Iterable[Trial], candidates: Mapping[str, Candidate], *, urgency: int
    ) -> None:
        """Queues trials that are neither known nor queued; lower urgency numbers run first."""
        for trial in trials:
            key = trial.key
            if key in self._known or self._recall(key):
                continue
            if key not in self._wanted:
                self._wanted[key] = _Wanted(trial, candidates[trial.candidate])
            if key not in self._attempts:
                heapq.heappush(self._queue, (urgency, next(self._order), key))
        self._fill()

    def records(
        self, trials: Sequence[Trial], candidates: Mapping[str, Candidate]
    ) -> list[TrialRecord]:
        """Returns the records of trials, in their order, waiting for those not yet measured.

        Raises:
            NothingMeasurable: our side lost too many attempts in a row.
        """
        self.want(trials, candidates, urgency=0)
        missing = {trial.key for trial in trials} - self._known.keys()
        while missing:
            self._fill()
            finished = self._executor.next_finished(_TICK_S)
            if finished is not None:
                self._take(finished)
                missing.discard(finished.record.key) if finished.record.key in self._known else None
            self._save_if_due()
            self._on_tick()
        self._note_reused(trials, candidates)
        return [self._known[trial.key] for trial in trials]

    def forget_queued(self) -> None:
        """Drops what waits at the desk and was not handed to the executor."""
        for _, _, key in self._queue:
            if key not in self._attempts:
                self._wanted.pop(key, None)
        self._queue.clear()

    def flush(self) -> None:
        """Saves everything that finished."""
        if self._unsaved:
            self._ledger.save_trials(self._unsaved)
            self._unsaved = []
        self._saved_at = self._clock()

    def _recall(self, key: str) -> bool:
        record = self._ledger.trial(key)
        if record is not None:
            self._known[key] = record
            self._recalled.add(key)
        return record is not None

    def _note_reused(self, trials: Sequence[Trial], candidates: Mapping[str, Candidate]) -> None:
        for trial in trials:
            if trial.key in self._recalled or trial.key in self._returned:
                candidate = candidates[trial.candidate]
                self.reused[trial.key] = Reused(trial, candidate, self._known[trial.key])
            self._returned.add(trial.key)

    def _fill(self) -> None:
        room = self._executor.slots + max(2, self._executor.slots // 2)
        while self._queue and self._executor.in_flight < room:
            _, _, key = heapq.heappop(self._queue)
            if key in self._wanted and key not in self._attempts:
                self._attempts[key] = 1
                self._submit(key)

    def _submit(self, key: str) -> None:
        trial, candidate = self._wanted[key]
        files = read_artefact(self._artefacts, trial.artefact) if trial.artefact else None
        self._executor.submit(trial, candidate, files)

    def _take(self, finished: Finished) -> None:
        record = finished.record
        if record.key not in self._wanted:
            # Another desk's, at the same executor.
            return
        if record.fate is Fate.INFRA:
            self._lose(record)
            return
        if record.artefact is not None:
            # One that holds nothing too: the candidate's trials ask for it.
            keep_artefact(self._artefacts, finished.artefact_files)
        if finished.trace or finished.evidence:
            self._ledger.save_trace(finished)
        self._lost_in_a_row = 0
        self.measured += 1
        self._unsaved.append(record)
        self._settle(record)

    def _lose(self, record: TrialRecord) -> None:
        self.lost += 1
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= _UNMEASURABLE_AFTER:
            raise NothingMeasurable(
                f"{self._lost_in_a_row} trials in a row could not be measured: {record.reason}"
            )
        if self._attempts[record.key] < _ATTEMPTS:
            self._attempts[record.key] += 1
            self._submit(record.key)
        else:
            # Unmeasured, so not stored: a resumed run tries again.
            self._settle(record)

    def _settle(self, record: TrialRecord) -> None:
        self._known[record.key] = record
        self._wanted.pop(record.key, None)
        self._attempts.pop(record.key, None)

    def _save_if_due(self) -> None:
        if self._clock() - self._saved_at >= _SAVE_EVERY_S:
            self.flush()
