"""A run decided once more."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.decision import Verdict
from agentlab.core.progress import Silent
from agentlab.errors import InputError
from agentlab.experiment.replay import replay_run
from agentlab.experiment.session import run_experiment
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from tests.calling import calling
from tests.experiment.noisy_run import brief_experiment


def finished(folder: Path, **changes: Any) -> RunFolder:
    with calling():
        result = run_experiment(brief_experiment(**changes), runs=folder, observer=Silent())
    return RunFolder(folder / result.run)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    changes = {"budget": {"candidates": 10}, "search": {"canaries": 0.3}, "seed": 3}
    return finished(tmp_path_factory.mktemp("runs"), **changes)


def alter(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(RunFolder(folder).database)) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()


def test_the_same_proposals_and_records_give_the_same_decisions(run: RunFolder) -> None:
    replay = replay_run(run, observer=Silent())
    assert len(replay.decisions) >= 10
    assert all(one.is_exact for one in replay.decisions)
    assert replay.trials_measured == 0
    assert replay.trials_reused > 0


def test_nothing_of_the_run_is_changed(run: RunFolder) -> None:
    before = {
        p: p.read_bytes() for p in run.path.rglob("*") if p.is_file() and "sqlite-" not in p.name
    }
    replay_run(run, observer=Silent())
    after = {
        p: p.read_bytes() for p in run.path.rglob("*") if p.is_file() and "sqlite-" not in p.name
    }
    assert after == before


@pytest.mark.usefixtures("called")
def test_measured_again_a_world_that_keeps_its_word_gives_the_same(run: RunFolder) -> None:
    replay = replay_run(run, observer=Silent(), fresh=True)
    assert replay.differing == ()
    assert replay.trials_reused == 0
    assert replay.trials_measured > 0


@pytest.mark.usefixtures("called")
def test_another_rule_tells_what_it_would_have_kept(run: RunFolder) -> None:
    replay = replay_run(run, observer=Silent(), rule="greedy")
    before = [one.number for one in replay.decisions if one.before.verdict is Verdict.KEPT]
    after = [
        one.number
        for one in replay.decisions
        if one.after is not None and one.after.verdict is Verdict.KEPT
    ]
    assert len(replay.decisions) == 10, "canaries are left out"
    assert len(after) > len(before)
    assert all(one.after and one.after.reason for one in replay.decisions)


def test_a_record_that_was_tampered_with_shows(run: RunFolder, tmp_path: Path) -> None:
    copy = tmp_path / run.name
    shutil.copytree(run.path, copy)
    alter(copy, """UPDATE trial SET record = replace(record, '"success":1.0', '"success":0.0')""")
    replay = replay_run(RunFolder(copy), observer=Silent())
    assert replay.differing


def test_rounds_and_a_run_that_was_cut_short_are_replayed_as_well(tmp_path: Path) -> None:
    rounds = [{"open": ["rest"], "proposals": 2}, {"open": ["rest"], "proposals": 2}]
    run = finished(tmp_path, rounds=rounds, budget={"candidates": 4})
    assert all(one.is_exact for one in replay_run(run, observer=Silent()).decisions)
    with pytest.raises(InputError, match="--rule: a run of rounds"):
        replay_run(run, observer=Silent(), rule="greedy")


def test_a_rule_without_a_meaning_here_is_refused(run: RunFolder) -> None:
    with pytest.raises(InputError, match="'gate' is for fixed data"):
        replay_run(run, observer=Silent(), rule="gate")


def test_a_run_in_which_nothing_was_decided_is_refused(run: RunFolder, tmp_path: Path) -> None:
    copy = tmp_path / run.name
    shutil.copytree(run.path, copy)
    alter(copy, "DELETE FROM event WHERE kind = 'decisions'")
    with pytest.raises(InputError, match="nothing was decided in it yet"):
        replay_run(RunFolder(copy), observer=Silent())


def test_what_must_be_measured_must_be_measured_as_it_was(run: RunFolder, tmp_path: Path) -> None:
    copy = tmp_path / run.name
    shutil.copytree(run.path, copy)
    store = Store(RunFolder(copy).database_url)
    store.append_event(run.name, "bench", {"fingerprint": {"python": "2.7"}})
    store.close()
    with pytest.raises(
        InputError, match=r"a trial must be measured, and .*python.* is not what it was"
    ):
        replay_run(RunFolder(copy), observer=Silent(), fresh=True)
