"""The folder of a run: who may write to it, and where things lie in it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from agentlab.errors import InputError, UnknownReference, nearest

__all__ = ["PARTIAL", "RunFolder", "create_run_folder", "find_run", "list_runs"]

PARTIAL = ".partial-"
"""Beginning of the name of whatever is being written; a driver that dies leaves it behind."""


class RunFolder:
    """Where a run keeps its database, traces, artefacts and reports."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def database(self) -> Path:
        """The run's own SQLite database; there is none where the experiment names a server."""
        return self.path / "agentlab.sqlite"

    @property
    def database_url(self) -> str:
        """The run's own SQLite database, as a URL."""
        return _sqlite_url(self.database)

    def store_url(self) -> str:
        """Returns the database that the run was given, by default its own."""
        import yaml

        if not self.experiment.is_file():
            return self.database_url
        experiment = yaml.safe_load(self.experiment.read_text(encoding="utf-8"))
        return str(experiment.get("store") or self.database_url)

    @property
    def experiment(self) -> Path:
        """The resolved experiment."""
        return self.path / "experiment.yaml"

    @property
    def promotions(self) -> Path:
        """Records of promotions, and the trials that they took."""
        return self.path / "promotions"

    @property
    def promotion_trials_url(self) -> str:
        """The database of those trials, as a URL."""
        return _sqlite_url(self.promotions / "trials.sqlite")

    @property
    def traces(self) -> Path:
        """Frames and evidence of some trials."""
        return self.path / "traces"

    @property
    def evidence(self) -> Path:
        """What the environment showed of the worst and the best trials."""
        return self.path / "evidence"

    @property
    def attempts(self) -> Path:
        """What coding agents were told, said and left behind, a file for each attempt."""
        return self.path / "attempts"

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

    def owner(self) -> str:
        """Returns who drives the run (`pid 7 on host since TIME`), empty where nobody does.

        It may be asked at any time, in a folder that cannot be written too.
        """
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _owner(descriptor)
        finally:
            os.close(descriptor)
        return ""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the run against other drivers; a lock whose owner died is taken over.

        The kernel drops the lock with the process that holds it, so no lock is ever stale; what
        a killed driver left half-written is removed.

        Raises:
            InputError: another driver holds it, or the folder cannot be written.
        """
        descriptor = self._take_lock()
        try:
            self._sweep()
            yield
        finally:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def _take_lock(self) -> int:
        try:
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = _owner(descriptor)
            os.close(descriptor)
            raise InputError(
                f"{self.path}: in use by another driver ({owner}); wait for it, or look at it: "
                f"agentlab status {self.name}"
            ) from error
        started = datetime.now(UTC).isoformat(timespec="seconds")
        words = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(words).encode(), 0)
        return descriptor

    def _sweep(self) -> None:
        for place in (self.path, self.traces, self.evidence, self.promotions, self.attempts):
            for partial in place.glob(f"{PARTIAL}*"):
                if partial.is_dir():
                    shutil.rmtree(partial, ignore_errors=True)
                else:
                    partial.unlink(missing_ok=True)


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
            raise InputError(f"{path}: is there and no folder") from None
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
    found = [path for path in runs.iterdir() if _is_run(path)]
    return [RunFolder(path) for path in sorted(found, key=_began)]


def find_run(reference: str, runs: Path) -> RunFolder:
    """Returns a run by its path, its name or `latest`, the one that was begun last.

    Raises:
        UnknownReference: there is none.
    """
    known = list_runs(runs)
    if reference == "latest" and known:
        return known[-1]
    for path in (runs / reference, Path(reference)):
        if reference and _is_run(path):
            return RunFolder(path.resolve())
    names = [run.name for run in known]
    raise UnknownReference(
        f"no run '{reference}' in {runs}{nearest(reference, names)} (see: agentlab runs)"
    )


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{quote(str(path.absolute()))}"


def _is_run(path: Path) -> bool:
    folder = RunFolder(path)
    return folder.experiment.is_file() or folder.database.is_file()


def _began(path: Path) -> tuple[int, str]:
    # The experiment is written once, before anything else; the database changes all the time.
    folder = RunFolder(path)
    first = folder.experiment if folder.experiment.is_file() else folder.database
    return first.stat().st_mtime_ns, path.name


def _owner(descriptor: int) -> str:
    text = os.pread(descriptor, 1000, 0).decode("utf-8", "replace")
    try:
        words = json.loads(text)
        return f"pid {words['pid']} on {words['host']} since {words['started']}"
    except (ValueError, KeyError, TypeError):
        # Between taking the lock and writing who took it.
        return "which has just begun"
