"""Stores for the tests: SQLite always, PostgreSQL where its server is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.store.store import RunInfo, Store

BASELINE = Candidate(
    files={"agent.py": b"def solve(goal, tools): ...\n", "data/a.txt": b"\x00\xff"}
)


def a_run(name: str = "first") -> RunInfo:
    return RunInfo(name, "2026-01-02T03:04:05+00:00", "0.1.0", "running", {"seed": 7}, None)


def a_record(number: int, **changes: object) -> TrialRecord:
    fields: dict[str, object] = {
        "key": digest(["trial", number]),
        "bench": digest("bench"),
        "candidate": BASELINE.digest,
        "task": "shop/quantity",
        "split": "train",
        "seed": number,
        "cluster": f"shop/quantity#{number}",
        "fate": Fate.SOLVED,
        "outcome": Outcome(success=1.0, feedback="ok"),
        "usage": Usage(tool_calls=3),
        "sandbox": "plain",
    }
    return TrialRecord.model_validate({**fields, **changes})


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'agentlab.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    opened.create_run(a_run())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The folder of the socket of a PostgreSQL server that lives as long as the tests."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(binaries[-1]) if binaries else None)
    if found is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    binaries_folder = Path(found).parent
    # A short path: a socket's is at most 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "nobody")
        as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    server = [*as_user, str(binaries_folder / "pg_ctl"), "-D", f"{folder}/data", "-w"]

    def call(*words: str) -> None:
        subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        call(*as_user, found, "-D", f"{folder}/data", "-U", "agentlab", "-A", "trust", "-E", "UTF8")
        call(*server, "-l", f"{folder}/log", "-o", settings, "start")
        yield folder
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            call(*server, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of its own for the test."""
    import psycopg

    name = f"t{digest(request.node.nodeid)}"
    where = f"host={postgres_server} user=agentlab"
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://agentlab@/{name}?host={postgres_server}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of each kind in turn."""
    name = {"sqlite": "url", "postgres": "postgres_url"}[request.param]
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
def any_store(any_url: str) -> Iterator[Store]:
    opened = Store.open(any_url)
    opened.create_run(a_run())
    yield opened
    opened.close()


@pytest.fixture
def record() -> Callable[..., TrialRecord]:
    return a_record


@pytest.fixture
def run_info() -> Callable[..., RunInfo]:
    return a_run


@pytest.fixture
def baseline() -> Candidate:
    return BASELINE
