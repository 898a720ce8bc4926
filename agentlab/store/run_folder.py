"""The folder of a run: who may write to it, and where things lie in it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import yaml

from agentlab.errors import InputError, UnknownReference, nearest

__all__ = ["RunFolder", "create_run_folder", "find_run", "list_runs"]


class RunFolder:
    """Where a run keeps its database, traces, artefacts and reports."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def database_url(self) -> str:
        """The run's own SQLite database."""
        return f"sqlite:///{self.path / 'agentlab.sqlite'}"

    @property
    def experiment(self) -> Path:
        """The resolved experiment."""
        return self.path / "experiment.yaml"

    @property
    def traces(self) -> Path:
        """Frames and evidence of some trials."""
        return self.path / "traces"

    @property
    def artefacts(self) -> Path:
        """What preparations left behind."""
        return self.path / "artefacts"

    @property
    def repository(self) -> Path:
        """The Git projection."""
        return self.path / "repository"

    @property
    def report(self) -> Path:
        """The report in Markdown."""
        return self.path / "report.md"

    @property
    def store_url(self) -> str:
        """The database that the run was given, its own by default."""
        experiment = yaml.safe_load(self.experiment.read_text(encoding="utf-8"))
        return str(experiment.get("store") or self.database_url)

    @property
    def is_driven(self) -> bool:
        """Whether a driver holds the run now."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the run against other drivers; a lock whose owner died is taken over.

        Raises:
            InputError: another driver holds it, or the folder cannot be written.
        """
        file = self.path / "lock"
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(descriptor, 1000, 0).decode("utf-8", "replace")
            os.close(descriptor)
            raise InputError(f"{self.path}: in use by another driver {owner}".strip()) from error
        try:
            words = json.dumps({"pid": os.getpid(), "host": socket.gethostname()})
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, words.encode(), 0)
            yield
        finally:
            os.close(descriptor)


def create_run_folder(runs: Path, experiment: str, *, now: datetime | None = None) -> RunFolder:
    """Makes a new folder named after the experiment and the time.

    Raises:
        InputError: the folder of runs cannot be written.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    for suffix in ("", *(f"-{number}" for number in range(2, 1000))):
        path = runs / f"{experiment}-{stamp}{suffix}"
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if path.is_dir():
                continue
            raise
        except OSError as error:
            raise InputError(
                f"{runs}: runs cannot be written there ({error.strerror}); give --runs DIR"
            ) from error
        return RunFolder(path)
    raise InputError(f"{runs}: no free name for '{experiment}'")


def list_runs(runs: Path) -> list[RunFolder]:
    """Returns the runs in a folder, the oldest first."""
    if not runs.is_dir():
        return []
    found = [RunFolder(path.parent) for path in runs.glob("*/experiment.yaml")]
    return sorted(found, key=lambda run: run.experiment.stat().st_mtime_ns)


def find_run(reference: str, runs: Path) -> RunFolder:
    """Returns a run by its path, its name or `latest`.

    Raises:
        UnknownReference: there is none.
    """
    known = list_runs(runs)
    if reference == "latest" and known:
        return known[-1]
    for path in (Path(reference), runs / reference):
        if (path / "experiment.yaml").is_file():
            return RunFolder(path.resolve())
    names = [run.name for run in known]
    raise UnknownReference(
        f"no run '{reference}' in {runs}{nearest(reference, names)} (see: agentlab runs)"
    )
