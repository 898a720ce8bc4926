from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from agentlab.cli.reading import OpenedRun, decision_numbered, open_run, status_of
from agentlab.errors import UnknownReference


def test_a_decision_that_is_not_there_names_those_that_are(in_finished: Path) -> None:
    with open_run("latest", Path("runs")) as run:
        assert decision_numbered(run, 2).number == 2
        with pytest.raises(UnknownReference, match=r"no decision #9 .*there are: 1 to 2"):
            decision_numbered(run, 9)


def test_a_run_is_running_only_while_somebody_drives_it(in_finished: Path) -> None:
    with open_run("latest", Path("runs")) as run:
        running = OpenedRun(run.folder, run.store, run.info._replace(status="running"))
        assert status_of(running) == "interrupted"
        with (run.folder.path / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert status_of(running) == "running"


def test_a_run_is_found_by_name_and_by_folder(in_finished: Path) -> None:
    (folder,) = (in_finished / "runs").iterdir()
    for reference in (folder.name, str(folder), f"runs/{folder.name}"):
        with open_run(reference, Path("runs")) as run:
            assert run.info.name == folder.name
