"""The shipped suite on PostgreSQL; on SQLite it runs beside the suite itself."""

from __future__ import annotations

import pytest

from agentlab.testing.store_suite import StoreSuite


@pytest.mark.postgres
class TestPostgres(StoreSuite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
