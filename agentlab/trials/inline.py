"""The executor in this process: one slot, no Ray; what most tests use."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment
from agentlab.core.trial import Bench, Trial
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.worker import TrialWorker

__all__ = ["InlineExecutor"]


class InlineExecutor:
    """Runs each trial when its result is asked for."""

    slots = 1

    def __init__(self, bench: Bench, *, environment: Environment | None = None) -> None:
        """Makes the executor.

        Args:
            bench: What all trials share.
            environment: A live environment in place of the one that the bench names.
        """
        self._bench = bench
        self._environment = environment
        self._queue: deque[tuple[Trial, Candidate, Mapping[str, bytes] | None]] = deque()
        self._worker: TrialWorker | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def in_flight(self) -> int:
        """Trials submitted and not yet returned."""
        return len(self._queue)

    def open(self) -> Opened:
        """Starts the worker; a second call answers the same."""
        return self._opened_worker().opened

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Queues a trial."""
        self._queue.append((trial, candidate, artefact_files))

    def next_finished(self, timeout_s: float) -> Finished | None:
        """Runs the oldest trial; the timeout has no meaning here."""
        if not self._queue:
            return None
        trial, candidate, files = self._queue.popleft()
        return self._opened_worker().run(trial, candidate, dict(files) if files else None)

    def close(self) -> None:
        """Ends the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _opened_worker(self) -> TrialWorker:
        if self._worker is None:
            self._folder = tempfile.TemporaryDirectory(prefix="agentlab-artefacts-")
            Path(self._folder.name).chmod(0o711)
            self._worker = TrialWorker(
                self._bench, artefacts=Path(self._folder.name), environment=self._environment
            )
        return self._worker
