"""An executor that calls the target in this process: for typed edits of our own small targets."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment
from agentlab.core.outcome import Fate
from agentlab.core.trial import Trial, TrialRecord
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.records import record_of

__all__ = ["Arithmetic"]


class Arithmetic:
    """Thousands of trials a second, without sandbox, wire and meter."""

    slots = 1

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._queue: deque[tuple[Trial, Candidate]] = deque()
        self._solvers: dict[str, Any] = {}
        self.measured = 0

    @property
    def in_flight(self) -> int:
        return len(self._queue)

    def open(self) -> Opened:
        return Opened({}, "none")

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        self._queue.append((trial, candidate))

    def next_finished(self, timeout_s: float) -> Finished | None:
        if not self._queue:
            return None
        self.measured += 1
        return Finished(self._record(*self._queue.popleft()), (), {}, {})

    def close(self) -> None:
        pass

    def _record(self, trial: Trial, candidate: Candidate) -> TrialRecord:
        assert trial.pair is not None
        episode = self._environment.start(trial.pair.task, trial.pair.seed)
        try:
            answer = self._solver(candidate)(episode.goal, episode)
        except Exception as error:  # noqa: BLE001 - whatever an edit breaks is the candidate's fate
            return record_of(trial, Fate.CRASHED, reason=type(error).__name__)
        outcome = episode.judge(answer)
        fate = Fate.SOLVED if outcome.success >= 1 else Fate.FAILED
        return record_of(trial, fate, outcome=outcome)

    def _solver(self, candidate: Candidate) -> Any:
        if candidate.digest not in self._solvers:
            names: dict[str, Any] = {}
            exec(candidate.files["agent.py"], names)
            self._solvers[candidate.digest] = names["solve"]
        return self._solvers[candidate.digest]
