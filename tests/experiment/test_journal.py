"""The search's journal in a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.rounds import Coupling
from agentlab.core.trial import Bench, TrialRecord
from agentlab.errors import InputError
from agentlab.experiment.journal import StoreJournal, begin_run
from agentlab.search.journal import Proposed
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store
from tests.experiment.noisy_run import noisy_experiment

CANDIDATE = Candidate(files={"agent.py": b"x = 1\n"}, label="one")


def bench(fingerprint: dict[str, str], limits: Limits = Limits()) -> Bench:  # noqa: B008 - frozen
    return Bench(
        environment=EnvironmentSpec(reference="a:B"),
        target=TargetSpec(),
        limits=limits,
        fingerprint=fingerprint,
    )


def decision(number: int) -> Decision:
    return Decision(
        number=number, candidate="c", incumbent="i", source="mutation", label="x",
        verdict=Verdict.KEPT, stage="gate", reason="",
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[Store, RunFolder]]:
    folder = RunFolder(tmp_path / "run-1")
    folder.path.mkdir()
    store = Store(folder.database_url)
    store.create_run(RunInfo("run-1", "2026-01-01T00:00:00", "0", "running", {}, None))
    yield store, folder
    store.close()


def test_a_run_begins_once_and_holds_its_experiment(store: tuple[Store, RunFolder]) -> None:
    now, experiment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), noisy_experiment()
    begin_run(store[0], "run-2", experiment, now=now)
    info = store[0].run("run-2")
    assert (info.status, info.created_at, info.result) == (
        "running",
        now.isoformat("T", "seconds"),
        None,
    )
    assert info.experiment == experiment.model_dump(mode="json")
    with pytest.raises(InputError, match="'run-2' is in this store already"):
        begin_run(store[0], "run-2", experiment)


def test_a_later_session_finds_what_an_earlier_one_left(store: tuple[Store, RunFolder]) -> None:
    first = StoreJournal(*store)
    record = TrialRecord(key="ab" * 16, bench="b", candidate=CANDIDATE.digest, fate=Fate.SOLVED)
    first.add_candidate(CANDIDATE)
    first.save_trials([record])
    first.save_proposed(Proposed(batch=1, first_number=1, candidates=(CANDIDATE.digest,)))
    first.save_decisions([decision(1)], 12.5)
    first.save_stopped(3, "budget: wall_s")
    later = StoreJournal(*store)
    assert later.trial("ab" * 16) == record
    assert later.trial("other") is None
    assert later.candidate(CANDIDATE.digest).label == "one"
    assert later.proposed(1) == first.proposed(1)
    assert later.proposed(2) is None
    assert later.stopped() == (3, "budget: wall_s")
    assert later.stopped(2) is None, "its second round has not stopped"
    assert later.elapsed_before_s == 12.5


def test_a_decision_that_is_made_again_is_kept_once(store: tuple[Store, RunFolder]) -> None:
    StoreJournal(*store).save_decisions([decision(1)], 1.0)
    StoreJournal(*store).save_decisions([decision(1), decision(2)], 2.0)
    assert [made.number for made in store[0].decisions("run-1")] == [1, 2]


def test_trials_of_another_bench_are_not_mixed(store: tuple[Store, RunFolder]) -> None:
    one = bench({"environment:data": "1", "python": "3.11"})
    record = TrialRecord(
        key="ab" * 16, bench=one.digest, candidate=CANDIDATE.digest, fate=Fate.SOLVED
    )
    first = StoreJournal(*store)
    first.require_bench(one)
    first.add_candidate(CANDIDATE)
    first.save_trials([record])
    for _ in range(2):
        StoreJournal(*store).require_bench(one)
    with pytest.raises(InputError, match=r"with: environment:data is not .* start a new run"):
        StoreJournal(*store).require_bench(bench({"environment:data": "2", "python": "3.11"}))
    with pytest.raises(InputError, match="python, a package, the environment or a limit is not"):
        StoreJournal(*store).require_bench(bench(one.fingerprint, Limits(wall_s=1)))
    assert store[0].fingerprint("run-1") == one.fingerprint
    assert len(store[0].events("run-1", "bench")) == 1


def test_versions_of_a_run_without_a_trial_are_those_it_is_begun_again_with(
    store: tuple[Store, RunFolder],
) -> None:
    assert store[0].fingerprint("run-1") == {}
    for version in ("1", "2"):
        StoreJournal(*store).require_bench(bench({"environment:data": version}))
    assert store[0].fingerprint("run-1") == {"environment:data": "2"}


def test_each_round_stops_by_itself_and_is_tested_once(store: tuple[Store, RunFolder]) -> None:
    found = Coupling(
        round=2, earlier=("a",), later=("b",), finding="undecided", reason="too few", looks=3
    )
    for _ in range(2):
        journal = StoreJournal(*store)
        if journal.stopped(2) is None:
            journal.save_stopped(4, "patience")
            journal.save_stopped(9, "budget: trials")
        journal.save_coupling(found)
    assert journal.stopped(1) == (4, "patience")
    assert journal.stopped(2) == (9, "budget: trials")
    assert (journal.coupling(2), journal.coupling(1)) == (found, None)
    assert len(store[0].events("run-1", "coupling")) == 1
