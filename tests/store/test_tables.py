from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from agentlab.store.schema import VERSION_TABLE
from agentlab.store.store import Store


def test_models_and_migrations_agree(any_url: str) -> None:
    store = Store.open(any_url)
    with store._engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
    store.close()
