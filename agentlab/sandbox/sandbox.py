"""What a sandbox is to those who use it."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from agentlab.core.limits import Limits
from agentlab.wire.channel import Channel

__all__ = ["CandidateProcess", "Ended", "Mode", "Sandbox"]

Mode = Literal["solve", "prepare"]


class Ended(NamedTuple):
    """How the processes of an episode ended."""

    exit: str
    """`exit 0`, `signal 9`."""

    limit: str | None = None
    """`memory`, `processes`, `cpu` or `output` where that limit was passed and ended it. What the
    kernel refuses as an exception (memory, file size) is told by the crash frame."""

    cpu_s: float = 0.0
    """Processor seconds of all its processes."""

    peak_mb: float = 0.0
    """Largest resident memory seen, MiB."""

    printed: str = ""
    """What it printed: the first and the last 16 KiB, printable."""

    broken: str | None = None
    """Why our side failed; then the end says nothing about the candidate."""


class CandidateProcess(Protocol):
    """One episode's processes."""

    @property
    def channel(self) -> Channel:
        """The wire to the candidate."""
        ...

    def dismiss(self) -> None:
        """Has all of it killed, and returns once it can reach nothing but its own folder.

        Behind its walls it reached the world by the wire alone, so there it may still be going.
        """
        ...

    def end(self) -> Ended:
        """Kills whatever of it is left and returns how it ended; a second call answers the same."""
        ...


class Sandbox(Protocol):
    """Starts candidates. One at a time, from the thread that opened it."""

    @property
    def layers(self) -> str:
        """The layers in force, such as `bubblewrap+landlock+seccomp`, or `plain`."""
        ...

    @property
    def is_isolated(self) -> bool:
        """Whether a candidate is kept from the rest of the machine."""
        ...

    def start(
        self, limits: Limits, *, mode: Mode = "solve", artefact: str | None = None
    ) -> CandidateProcess:
        """Starts an episode in a fresh process with a fresh private folder.

        Args:
            limits: What the episode may take.
            mode: `prepare` gives it a writable artefact folder.
            artefact: Digest of the artefact to show, a folder name among the artefacts.

        Raises:
            InfraError: no process could be started.
        """
        ...

    def close(self) -> None:
        """Ends everything; nothing is left running or mounted."""
        ...
