"""The executor in this process: one slot, no Ray; what most tests use."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment
from agentlab.core.trial import Bench, Trial
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.worker import TrialWorker

__all__ = ["InlineExecutor", "MakeWorker", "Worker"]


class Worker(Protocol):
    """Runs the trials of a bench, one at a time."""

    opened: Opened

    def run(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: dict[str, bytes] | None = None,
    ) -> Finished:
        """Runs one trial to its fate."""
        ...

    def close(self) -> None:
        """Ends what it started."""
        ...


class MakeWorker(Protocol):
    """Makes a worker, as the class `TrialWorker` does."""

    def __call__(
        self, bench: Bench, *, artefacts: Path, environment: Environment | None = None
    ) -> Worker:
        """Returns the worker, ready."""
        ...


class InlineExecutor:
    """Runs each trial when its result is asked for."""

    slots = 1

    def __init__(
        self,
        bench: Bench,
        *,
        environment: Environment | None = None,
        make_worker: MakeWorker = TrialWorker,
    ) -> None:
        """Makes the executor.

        Args:
            bench: What all trials share.
            environment: A live environment in place of the one that the bench names.
            make_worker: What runs the trials.
        """
        self._bench = bench
        self._make_worker = make_worker
        self._environment = environment
        self._queue: deque[tuple[Trial, Candidate, Mapping[str, bytes] | None]] = deque()
        self._worker: Worker | None = None
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
        return self._opened_worker().run(
            trial, candidate, dict(files) if files is not None else None
        )

    def close(self) -> None:
        """Ends the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _opened_worker(self) -> Worker:
        if self._worker is None:
            self._folder = tempfile.TemporaryDirectory(prefix="agentlab-artefacts-")
            Path(self._folder.name).chmod(0o711)
            self._worker = self._make_worker(
                self._bench, artefacts=Path(self._folder.name), environment=self._environment
            )
        return self._worker
