"""Opening a database and bringing its schema up to date."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from agentlab.errors import InputError

__all__ = ["HEAD", "MIGRATIONS", "VERSION_TABLE", "migrate", "open_engine", "writing"]

HEAD = "0001"
"""The schema of this version: the newest revision in `migrations/versions`."""

MIGRATIONS = Path(__file__).parent / "migrations"

VERSION_TABLE = "agentlab_schema"
"""Not Alembic's default name, which another program may use in a shared database."""

_BUSY_TIMEOUT_MS = 60_000
_MIGRATION_LOCK = 7_341_902
"""Any number that no other program takes as its PostgreSQL advisory lock."""


def open_engine(url: str, *, read_only: bool) -> Engine:
    """Returns an engine for `sqlite:///path` or `postgresql+psycopg://...`; connects to nothing.

    Raises:
        InputError: the URL is none, its driver is not installed, or there is no such file to read.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed, read_only=read_only)
        return create_engine(parsed, execution_options={"postgresql_readonly": read_only})
    except (ArgumentError, ImportError) as error:
        raise InputError(
            f"store: '{_without_password(url)}' cannot be used: {error}; give sqlite:///PATH or "
            "postgresql+psycopg://USER@HOST/NAME (pip install 'agentlab-autoresearch[postgres]')"
        ) from error


def writing(engine: Engine) -> Engine:
    """Returns the same engine for transactions that write.

    They take SQLite's write lock when they begin: one that reads first and asks for the lock
    later is refused at once where another process wrote in between, whatever the timeout.
    """
    return engine.execution_options(agentlab_writes=True)


def migrate(engine: Engine, *, read_only: bool = False) -> None:
    """Brings the schema to this version's; a reader only looks whether it is.

    Raises:
        InputError: the database cannot be opened, or another version made it.
    """
    try:
        with engine.connect() as connection:
            current = _revision(connection)
        if current == HEAD:
            return
        if read_only:
            found = (
                f"schema {current}, this agentlab reads {HEAD}" if current else "holds no run yet"
            )
            raise InputError(f"{_place(engine)}: {found}")
        with writing(engine).begin() as connection:
            _upgrade(connection, _place(engine))
    except (DBAPIError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise InputError(f"{_place(engine)}: cannot be opened as a store: {reason}") from error


def _upgrade(connection: Connection, place: str) -> None:
    # Alembic takes a quarter of a second to import: only for those who need it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
    current = _revision(connection)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise InputError(
            f"{place}: made by a newer agentlab (schema {current}, this one knows {HEAD}); "
            "upgrade: pip install -U agentlab-autoresearch"
        )
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return revision


def _sqlite_engine(url: URL, *, read_only: bool) -> Engine:
    path = Path(url.database or "").absolute()
    if not url.database or url.database == ":memory:":
        raise InputError("store: a database in memory does not outlive the run; give a file")
    if read_only and not path.is_file():
        raise InputError(f"{path}: there is no such store")
    mode = _mode(path, read_only=read_only)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, check_same_thread=False)

    engine = create_engine(url, creator=connect)

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _: Any) -> None:  # Any: SQLAlchemy's own record
        connection.isolation_level = None  # so that we, not the driver, say how to begin
        connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            # A trial with items takes some 800 bytes: of the default's 4096 a fifth stays empty.
            connection.execute("PRAGMA page_size=8192")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("agentlab_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _mode(path: Path, *, read_only: bool) -> str:
    """Returns how to open a file, as parameters of SQLite's URI."""
    if not read_only:
        return "mode=rwc"
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    # In a folder that cannot be written a reader cannot make the shared memory file of the WAL.
    # Where there is no WAL nobody writes, and the file can be read as it lies.
    has_wal = path.with_name(f"{path.name}-wal").exists()
    return "mode=ro" if has_wal else "mode=ro&immutable=1"


def _place(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)


def _without_password(url: str) -> str:
    return re.sub(r"(//[^:@/]*):[^@]*@", r"\1:***@", url)
