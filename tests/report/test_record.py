from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.errors import AgentlabError
from agentlab.report.record import read_record
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = RunFolder(tmp_path)
    store = Store(folder.database_url)
    info = RunInfo(
        name=folder.name,
        created_at="2026-01-01T00:00:00+00:00",
        version="0",
        status="running",
        experiment={"objective": {"minimise": "steps"}},
        result=None,
    )
    store.create_run(info)
    yield store
    store.close()


def test_a_run_without_a_result_says_how_to_get_one(store: Store, tmp_path: Path) -> None:
    with pytest.raises(AgentlabError, match=r"no result yet .*agentlab resume") as caught:
        read_record(store, RunFolder(tmp_path))
    assert caught.value.exit_code == 1
