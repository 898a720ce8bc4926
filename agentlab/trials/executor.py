"""Where trials run: one protocol, in this process or on Ray."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from agentlab.core.candidate import Candidate
from agentlab.core.trial import TraceFrame, Trial, TrialRecord

__all__ = ["Executor", "Finished", "Opened"]


class Opened(NamedTuple):
    """What the first worker found when it started."""

    fingerprint: Mapping[str, str]
    """Versions that an outcome depends on: interpreter, packages, environment, protocol."""

    sandbox: str
    """Layers in force, such as `bubblewrap+landlock+seccomp`, or `plain`."""


class Finished(NamedTuple):
    """A trial that ended, with what was recorded of it."""

    record: TrialRecord
    trace: Sequence[TraceFrame]
    """Every frame where the trial's trace policy asks for it; else empty."""

    evidence: Mapping[str, bytes]
    """Files of the environment (a screenshot), where the trace policy asks for them."""

    artefact_files: Mapping[str, bytes]
    """What a preparation left behind, by path; opaque. Empty for all other trials."""


class Executor(Protocol):
    """Runs trials of one bench. Same trials, same records, whatever the implementation.

    Every submitted trial finishes exactly once, whatever the candidate does and whatever breaks:
    what our side could not measure comes back with the fate `infra`.
    """

    @property
    def slots(self) -> int:
        """How many trials run at one time."""
        ...

    @property
    def in_flight(self) -> int:
        """Trials submitted and not yet returned by `next_finished`."""
        ...

    def open(self) -> Opened:
        """Starts the workers.

        Raises:
            InputError: the environment or the target cannot be built.
            InfraError: no worker could be started.
        """
        ...

    def submit(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Queues a trial; returns at once.

        Args:
            trial: What to run.
            candidate: Whose files it runs; its digest is the trial's.
            artefact_files: The files of `trial.artefact`, where it has one.
        """
        ...

    def next_finished(self, timeout_s: float) -> Finished | None:
        """Returns a finished trial, or None if none finished in time."""
        ...

    def close(self) -> None:
        """Ends everything that was started; nothing is left running."""
