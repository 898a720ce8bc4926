from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError
from agentlab.store import schema
from agentlab.store.store import Store

ROOT = Path(__file__).parents[2]

NEXT = '''"""A column more."""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    op.add_column("run", sa.Column("note", sa.String(), server_default="none"))
'''


def sqlite_path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def with_next_revision(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Makes this process the agentlab of tomorrow."""
    migrations = folder / "tomorrow %"
    shutil.copytree(schema.MIGRATIONS, migrations)
    (migrations / "versions" / "0002_next.py").write_text(text)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "HEAD", "0002")


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_an_older_store_is_migrated_and_keeps_what_it_holds(
    store: Store,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record: Callable[[int], TrialRecord],
) -> None:
    store.save_trials("first", [record(1)])
    store.close()
    with_next_revision(tmp_path, monkeypatch, NEXT)
    migrated = Store.open(url)
    assert migrated.trials("first") == [record(1)]
    with migrated._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT note FROM run").scalar_one() == "none"
    migrated.close()


def test_a_migration_that_breaks_leaves_the_older_schema(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    with monkeypatch.context() as patch:
        with_next_revision(tmp_path, patch, NEXT + "    raise RuntimeError('killed')\n")
        with pytest.raises(RuntimeError, match="killed"):
            Store.open(url)
    again = Store.open(url)
    assert [run.name for run in again.runs()] == ["first"]
    with again._engine.connect() as connection:
        names = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(run)")]
    assert "note" not in names
    again.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_of_a_newer_version_is_refused(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    store.close()
    with monkeypatch.context() as patch:
        with_next_revision(tmp_path, patch, NEXT)
        Store.open(url).close()
    with pytest.raises(InputError, match="schema 0002"):
        Store.open(url, read_only=read_only)


def test_a_store_that_is_refused_is_not_kept_open(url: str) -> None:
    sqlite_path(url).write_bytes(b"my thesis, all of it" * 300)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(InputError):
        Store.open(url)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_many_may_open_a_fresh_store_at_once(any_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: Store.open(any_url), range(4)))
    assert all(store.runs() == [] for store in stores)
    for store in stores:
        store.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(url: str) -> None:
    sqlite_path(url).write_bytes(b"my thesis, all of it" * 300)
    for read_only in (False, True):
        with pytest.raises(InputError, match="cannot be opened as a store: file is not a database"):
            Store.open(url, read_only=read_only)
    assert sqlite_path(url).read_bytes() == b"my thesis, all of it" * 300


def test_reading_a_store_that_is_not_there_creates_none(url: str) -> None:
    with pytest.raises(InputError, match="there is no such store"):
        Store.open(url, read_only=True)
    assert not sqlite_path(url).exists()


def test_reading_a_store_that_was_just_made_says_that_it_is_empty(url: str) -> None:
    sqlite_path(url).touch()
    with pytest.raises(InputError, match="holds no run yet"):
        Store.open(url, read_only=True)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere/a.sqlite: cannot be opened as a store"):
        Store.open(f"sqlite:///{tmp_path}/nowhere/a.sqlite")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "oracle9://x/y", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="store: "):
        Store.open(url)


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(InputError, match="cannot be opened as a store") as caught:
        Store.open(f"postgresql+psycopg://me:secret@/name?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_a_password_in_a_url_that_is_none_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        Store.open("postgresql+nodriver://me:secret@host/name")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("leave_wal", [False, True])
def test_a_store_in_a_folder_that_cannot_be_written_is_read(
    store: Store,
    url: str,
    tmp_path: Path,
    record: Callable[[int], TrialRecord],
    leave_wal: bool,
) -> None:
    store.save_trials("first", [record(1)])
    if not leave_wal:
        store.close()
    program = (
        "import sys; from agentlab.store.store import Store\n"
        "print(Store.open(sys.argv[1], read_only=True).count_trials('first'))\n"
        "try: Store.open(sys.argv[1]).append_event('first', 'x', {})\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    mounted = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}"
    namespace = ["unshare", "-Urm", "sh", "-c"]
    if subprocess.run([*namespace, mounted], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    done = subprocess.run(
        [*namespace, f'{mounted} && exec "$0" "$@"', sys.executable, "-c", program, url],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split()[:1] == ["1"], done.stderr
    assert done.stdout.split()[1] in {"InputError", "AgentlabError"}


def test_pragmas_hold_on_every_connection(store: Store) -> None:
    with store._engine.connect() as one, store._engine.connect() as two:
        for connection in (one, two):
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
            ]
            assert found == ["wal", 1, 60_000, 1]


def test_a_transaction_that_writes_takes_the_lock_when_it_begins(store: Store, url: str) -> None:
    with store._writing() as session:
        session.connection()
        other = sqlite3.connect(sqlite_path(url), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
