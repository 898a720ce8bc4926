"""An executor that starts nothing before somebody waits for a trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentlab.core.candidate import Candidate
from agentlab.core.trial import Trial
from agentlab.trials.executor import Executor, Finished, Opened

__all__ = ["LazyExecutor"]

_FULL = 1 << 30


class LazyExecutor:
    """Where all trials are known, no worker is started and no environment built.

    Until somebody waits it says that it is full, so that no trial is handed to it that may only be
    wanted later.
    """

    def __init__(self, build: Callable[[], Executor], check: Callable[[Opened], None]) -> None:
        """Makes it; nothing is built.

        Args:
            build: Builds the executor.
            check: Raises where what its workers found will not do.
        """
        self._build = build
        self._check = check
        self._inner: Executor | None = None

    @property
    def slots(self) -> int:
        """How many trials run at one time."""
        return self._inner.slots if self._inner is not None else 1

    @property
    def in_flight(self) -> int:
        """Trials on their way; more than there is room for while nobody waits."""
        return self._inner.in_flight if self._inner is not None else _FULL

    def open(self) -> Opened:
        """Starts the workers."""
        if self._inner is None:
            self._inner = self._build()
        opened = self._inner.open()
        self._check(opened)
        return opened

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Queues a trial."""
        assert self._inner is not None
        self._inner.submit(trial, candidate, artefact_files)

    def next_finished(self, timeout_s: float) -> Finished | None:
        """Returns a finished trial; whoever asks first has the workers started."""
        if self._inner is None:
            self.open()
            return None
        return self._inner.next_finished(timeout_s)

    def close(self) -> None:
        """Ends what was started."""
        if self._inner is not None:
            self._inner.close()
