"""Trials of promotions are found again for as long as their world is the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.experiment.kept_trials import open_kept_trials
from agentlab.store.run_folder import RunFolder
from tests.experiment.contenders import HOME, benchmarks, write_benchmark

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RECORD = TrialRecord(key="0" * 32, bench="1" * 32, candidate="2" * 32, fate=Fate.FAILED)


def test_what_was_saved_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    (benchmark,) = benchmarks(write_benchmark(tmp_path, "one"))
    for _ in range(2):
        with open_kept_trials(RunFolder(tmp_path), now=NOW) as kept:
            ledger = kept.of(benchmark)
            ledger.save_trials([RECORD, RECORD])
    with open_kept_trials(RunFolder(tmp_path), now=NOW) as kept:
        assert kept.of(benchmark).trial(RECORD.key) == RECORD
        assert kept.of(benchmark).trial("3" * 32) is None


def test_another_world_has_others_and_more_seeds_have_the_same(tmp_path: Path) -> None:
    file = write_benchmark(tmp_path, "one")
    (one,), (longer,) = benchmarks(file), benchmarks(file, overrides=["measure.final_blocks=9"])
    changed = one._replace(
        content=one.content._replace(
            folders={**one.content.folders, "environment.reference": "other"}
        )
    )
    (named,) = benchmarks(write_benchmark(tmp_path, "two", HOME))
    with open_kept_trials(RunFolder(tmp_path), now=NOW) as kept:
        kept.of(one).save_trials([RECORD])
        assert kept.of(longer).trial(RECORD.key) == RECORD
        assert kept.of(changed).trial(RECORD.key) is None
        assert kept.of(named).trial(RECORD.key) is None
