"""A run whose candidates are called in this process: the same loop, far faster."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from agentlab.core.decision import Decision
from agentlab.core.progress import Observer, Silent
from agentlab.core.result import RunResult
from agentlab.core.trial import TrialRecord
from agentlab.experiment.build import build_world
from agentlab.experiment.config import Experiment
from agentlab.experiment.journal import StoreJournal
from agentlab.experiment.run import execute
from agentlab.references import build_environment
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store
from tests.search.arithmetic import Arithmetic

__all__ = ["decisions_in", "run_in_process", "trials_in"]


def run_in_process(
    experiment: Experiment,
    folder: Path,
    *,
    executor: Arithmetic | None = None,
    observer: Observer | None = None,
) -> RunResult:
    """Runs an experiment in a folder, or goes on with it there."""
    folder.mkdir(exist_ok=True)
    place, world = RunFolder(folder), build_world(experiment)
    with closing(Store(place.database_url)) as store:
        if not store.runs():
            settings = experiment.model_dump(mode="json")
            store.create_run(RunInfo(place.name, "now", "0", "running", settings, None))
        return execute(
            experiment,
            world,
            executor or Arithmetic(build_environment(experiment.environment)),
            journal=StoreJournal(store, place),
            folder=place,
            observer=observer or Silent(),
            on_test=_of_a_run if not experiment.is_aa else _never,
        )


def decisions_in(folder: Path) -> list[Decision]:
    """Returns what the journal of a run holds of its decisions."""
    place = RunFolder(folder)
    with closing(Store(place.database_url, read_only=True)) as store:
        return store.decisions(place.name)


def trials_in(folder: Path) -> list[TrialRecord]:
    """Returns the trials of a run as they are stored."""
    place = RunFolder(folder)
    with closing(Store(place.database_url, read_only=True)) as store:
        return store.trials(place.name)


def _of_a_run(address: str) -> None:
    """Lets a run look at its test."""


def _never(address: str) -> None:
    raise AssertionError("an A/A looks at no test")
