"""Trials in this process, where it is the loop around them that is tested and not their walls.

A fork behind walls costs ten milliseconds and a call costs one or two; a run makes hundreds. What
the candidate is told, what it may call, what is counted of it and how it is judged are the same:
the worker is the debugger's. Nothing is isolated and no clock ends a candidate.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment
from agentlab.core.trial import Bench, Trial
from agentlab.trials.debug import DebugWorker
from agentlab.trials.executor import Finished
from agentlab.trials.inline import InlineExecutor, MakeWorker
from agentlab.trials.worker import _is_shown

__all__ = ["CallingExecutor", "calling"]


class _Worker:
    """A debugger's worker with nobody at it."""

    def __init__(
        self, bench: Bench, *, artefacts: Path, environment: Environment | None = None
    ) -> None:
        self._worker = DebugWorker(
            bench, artefacts=artefacts, environment=environment, tell=_tell_nobody
        )
        self.opened = self._worker.opened

    def run(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: dict[str, bytes] | None = None,
    ) -> Finished:
        with warnings.catch_warnings():
            # What Python thinks of an edit is no failure of the test.
            warnings.simplefilter("ignore")
            finished = self._worker.run(trial, candidate, artefact_files)
        # A debugger is shown every trace; a run asks for few.
        is_shown = _is_shown(trial, finished.record.fate)
        return finished if is_shown else finished._replace(trace=())

    def close(self) -> None:
        self._worker.close()


class CallingExecutor(InlineExecutor):
    """The inline executor, whose candidates are called instead of forked."""

    def __init__(
        self,
        bench: Bench,
        *,
        environment: Environment | None = None,
        make_worker: MakeWorker = _Worker,
    ) -> None:
        super().__init__(bench, environment=environment, make_worker=make_worker)


@contextmanager
def calling() -> Iterator[None]:
    """Makes the inline executor of every experiment a calling one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agentlab.experiment.build.InlineExecutor", CallingExecutor)
        yield


def main() -> None:
    """Is the command line: `python -m tests.calling run noisy.yaml`."""
    from agentlab.cli.main import main

    with calling():
        main()


def _tell_nobody(message: str) -> None:
    pass


if __name__ == "__main__":
    main()
