"""An executor without a world: what becomes of a trial is said beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import Trial
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.records import record_of

__all__ = ["Scripted"]


class Scripted:
    """Loses the first so many attempts of each trial; all others are solved."""

    slots = 2

    def __init__(self, loses: int = 0, *, fails: Sequence[str] = ()) -> None:
        """Makes the executor; trials of the kinds in `fails` crash instead."""
        self._loses = loses
        self._fails = fails
        self._queue: list[Trial] = []
        self.attempts: list[str] = []

    @property
    def in_flight(self) -> int:
        return len(self._queue)

    def open(self) -> Opened:
        return Opened({}, "plain")

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        self._queue.append(trial)

    def next_finished(self, timeout_s: float) -> Finished | None:
        if not self._queue:
            return None
        trial = self._queue.pop(0)
        self.attempts.append(trial.key)
        if self.attempts.count(trial.key) <= self._loses:
            return Finished(record_of(trial, Fate.INFRA, reason="node lost"), (), {}, {})
        if trial.kind in self._fails:
            return Finished(record_of(trial, Fate.CRASHED, reason="out of ideas"), (), {}, {})
        record = record_of(trial, Fate.SOLVED, outcome=Outcome(success=1.0))
        return Finished(record, (), {}, {})

    def close(self) -> None:
        pass
