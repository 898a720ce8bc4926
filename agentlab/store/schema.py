"""Opening a database and bringing its schema up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from agentlab.errors import InputError

__all__ = ["migrate", "open_engine"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 60_000


def open_engine(url: str, *, read_only: bool) -> Engine:
    """Returns an engine for `sqlite:///path` or `postgresql+psycopg://...`.

    Raises:
        InputError: the URL is none, or its driver is not installed.
    """
    try:
        engine = create_engine(url)
    except Exception as error:  # SQLAlchemy raises a dozen kinds for a URL it cannot use
        raise InputError(f"store.url: '{url}' cannot be used: {error}") from error
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _set_pragmas(connection: sqlite3.Connection, _: Any) -> None:
            connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA foreign_keys=ON")
            if read_only:
                connection.execute("PRAGMA query_only=ON")
            else:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")

    return engine


def migrate(engine: Engine) -> None:
    """Brings the schema to this version's.

    Raises:
        InputError: the database was made by a newer version, or cannot be opened.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    try:
        with engine.begin() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if current == script.get_current_head():
                return
            if current is not None and current not in {s.revision for s in script.walk_revisions()}:
                raise InputError(
                    f"{engine.url.database}: made by a newer agentlab (schema {current}); upgrade: "
                    "pip install -U agentlab-autoresearch"
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise InputError(f"store: cannot open {engine.url}: {error.orig}") from error
