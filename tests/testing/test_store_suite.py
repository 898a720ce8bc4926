from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agentlab.core.trial import TrialRecord
from agentlab.store.store import RunInfo, Store
from agentlab.testing.store_suite import StoreSuite


class TestSqlite(StoreSuite):
    pass


class Forgetful(Store):
    """Keeps no more than one trial of each batch."""

    def save_trials(self, run: str, records: Sequence[TrialRecord]) -> None:
        super().save_trials(run, records[:1])


@pytest.mark.parametrize(
    "test",
    [
        "test_a_trial_comes_back_as_it_was",
        "test_a_trial_counts_once_however_often_it_is_saved",
        "test_trials_are_found_by_candidate_split_and_kind",
    ],
)
def test_a_broken_promise_fails_its_test(test: str, tmp_path: Path) -> None:
    store = Forgetful(f"sqlite:///{tmp_path / 'agentlab.sqlite'}")
    store.create_run(RunInfo("first", "2026-01-02T03:04:05+00:00", "0.1.0", "running", {}, None))
    try:
        with pytest.raises(AssertionError):
            getattr(StoreSuite(), test)(store)
    finally:
        store.close()
