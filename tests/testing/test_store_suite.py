from __future__ import annotations

from agentlab.testing.store_suite import StoreSuite


class TestSqlite(StoreSuite):
    pass
