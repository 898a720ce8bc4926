from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.errors import AgentlabError, InputError, UnknownReference
from agentlab.store.store import RunInfo, Store

MakeRecord = Callable[..., TrialRecord]


def a_decision(number: int, candidate: str) -> dict[str, object]:
    return Decision(
        number=number,
        candidate=candidate,
        incumbent=digest("incumbent"),
        source="ideas",
        label="an idea",
        verdict=Verdict.DISCARDED,
        stage="gate",
        reason="because",
    ).model_dump(mode="json")


@pytest.mark.postgres
def test_postgres_keeps_text_that_no_column_of_text_can_hold(
    postgres_url: str, run_info: Callable[[], RunInfo], record: MakeRecord
) -> None:
    store = Store.open(postgres_url)
    store.create_run(run_info())
    odd = record(1, reason="\x00 and \ud800", outcome=Outcome(success=0.5, feedback="\x00"))
    candidate = Candidate(files={"a.py": b"\x00"}, hypothesis="\x00", label="\ud800")
    store.save_trials("first", [odd])
    store.add_candidate("first", candidate)
    assert store.trials("first") == [odd]
    assert store.candidate("first", candidate.digest) == candidate
    store.close()


def test_a_key_that_is_there_is_kept_as_it_is(any_store: Store, record: MakeRecord) -> None:
    any_store.save_trials("first", [record(1), record(2)])
    any_store.save_trials("first", [record(1, fate=Fate.FAILED), record(3), record(3)])
    assert any_store.trials("first") == [record(1), record(2), record(3)]
    assert any_store.count_trials("first") == 3


def test_the_same_key_in_two_runs_is_two_trials(
    any_store: Store, record: MakeRecord, run_info: Callable[[str], RunInfo]
) -> None:
    any_store.create_run(run_info("second"))
    any_store.save_trials("first", [record(1)])
    any_store.save_trials("second", [record(1, reason="elsewhere")])
    assert any_store.trial("first", record(1).key) == record(1)
    assert any_store.trial("second", record(1).key) == record(1, reason="elsewhere")


def test_an_unknown_key_is_no_trial(store: Store) -> None:
    assert store.trial("first", digest("unknown")) is None


def test_trials_are_chosen_by_candidate_split_and_kind(
    any_store: Store, record: MakeRecord
) -> None:
    other = digest("other")
    plain, elsewhere = record(1), record(2, candidate=other)
    test, preparation = record(3, split="test"), record(4, split=None, kind="prepare")
    any_store.save_trials("first", [plain, elsewhere, test, preparation])
    assert any_store.trials("first", candidate=other) == [elsewhere]
    assert any_store.trials("first", split="test") == [test]
    assert any_store.trials("first", kind="prepare") == [preparation]
    assert any_store.trials("first", split="train", kind="solve") == [plain, elsewhere]


def test_a_candidate_comes_back_whole_and_is_kept_once(
    any_store: Store, baseline: Candidate
) -> None:
    child = Candidate(
        files={**baseline.files, "b.py": b"x = 1\n", "copy.py": b"x = 1\n"},
        parent=baseline.digest,
        hypothesis="more is better",
        source="ideas",
        label="more",
        provenance="curated",
    )
    for candidate in (baseline, child, baseline):
        any_store.add_candidate("first", candidate)
    assert any_store.candidate("first", child.digest) == child
    assert any_store.candidate("first", baseline.digest[:6]) == baseline
    infos = any_store.candidates("first")
    assert [info.digest for info in infos] == [baseline.digest, child.digest]
    assert infos[1][1:] == (1, baseline.digest, "ideas", "more", "more is better", None)


def test_files_are_shared_between_candidates(store: Store, url: str) -> None:
    large = bytes(range(256)) * 100
    for number in range(10):
        store.add_candidate("first", Candidate(files={"large": large, "n.py": b"%d" % number}))
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT count(*) FROM blob").fetchone() == (11,)
    connection.close()


def test_a_number_means_what_was_measured_of_that_proposal(
    store: Store, baseline: Candidate
) -> None:
    proposed, rebased, waiting = (Candidate(files={"a.py": b"%d" % n}) for n in range(3))
    for candidate in (baseline, proposed, waiting, rebased):
        store.add_candidate("first", candidate)
    batch = {"batch": 1, "first_number": 1, "candidates": [proposed.digest, waiting.digest]}
    store.append_event("first", "proposed", batch)
    store.append_event(
        "first", "decisions", {"elapsed_s": 1, "decisions": [a_decision(1, rebased.digest)]}
    )
    found = [store.candidate("first", reference) for reference in (0, "#1", "1", 2)]
    assert found == [baseline, rebased, rebased, waiting]
    assert [info.number for info in store.candidates("first")] == [0, 1, 2, 1]


@pytest.mark.parametrize("reference", ["3", "#9", "zz", "", "%", "_"])
def test_a_reference_to_no_candidate_says_so(
    store: Store, baseline: Candidate, reference: str
) -> None:
    store.add_candidate("first", baseline)
    with pytest.raises(UnknownReference, match="no candidate"):
        store.candidate("first", reference)


def test_a_reference_to_several_candidates_names_them(store: Store) -> None:
    candidates = [Candidate(files={"a.py": b"%d" % n}) for n in range(40)]
    for candidate in candidates:
        store.add_candidate("first", candidate)
    letters = [candidate.digest[0] for candidate in candidates if candidate.digest[0].isalpha()]
    twice = next(letter for letter in letters if letters.count(letter) > 1)
    with pytest.raises(UnknownReference, match=f"several candidates .{twice}"):
        store.candidate("first", twice)


def test_runs_are_listed_and_updated(any_store: Store) -> None:
    earlier = RunInfo("earlier", "2025-01-01T00:00:00+00:00", "0.1.0", "running", {"a": [1]}, None)
    any_store.create_run(earlier)
    assert [run.name for run in any_store.runs()] == ["earlier", "first"]
    any_store.update_run("earlier", status="completed", result={"verdict": "good"})
    any_store.update_run("earlier", status="running")
    changed = earlier._replace(status="running", result={"verdict": "good"})
    assert any_store.run("earlier") == changed


def test_a_second_run_of_the_same_name_is_refused(
    any_store: Store, run_info: Callable[[], RunInfo]
) -> None:
    with pytest.raises(InputError, match="run 'first' is in this store already"):
        any_store.create_run(run_info())


def test_an_unknown_run_names_the_nearest(store: Store) -> None:
    with pytest.raises(UnknownReference, match="no run 'fist' in this store; did you mean 'first'"):
        store.run("fist")
    with pytest.raises(UnknownReference, match="fist"):
        store.update_run("fist", status="completed")


def test_the_log_keeps_its_order(any_store: Store) -> None:
    ids = [any_store.append_event("first", "spend", {"usd": number}) for number in range(3)]
    ids += any_store.append_events("first", [("phase", {"now": "test"}), ("spend", {"usd": 9})])
    assert ids == sorted(set(ids))
    assert [event["usd"] for event in any_store.events("first", "spend")] == [0, 1, 2, 9]
    assert any_store.events("first")[3] == {"now": "test"}
    assert [event.id for event in any_store.log("first")] == ids


def test_decisions_come_in_the_order_of_their_numbers(store: Store) -> None:
    for numbers in ([2, 1], [3]):
        entries = [a_decision(number, digest(number)) for number in numbers]
        store.append_event("first", "decisions", {"elapsed_s": 0, "decisions": entries})
    assert [decision.number for decision in store.decisions("first")] == [1, 2, 3]


def test_a_transaction_that_breaks_leaves_nothing(store: Store) -> None:
    with pytest.raises(StatementError):
        store.append_events("first", [("good", {}), ("bad", {"value": object()})])  # not JSON
    assert store.log("first") == []


def test_a_writer_does_not_wait_for_readers_nor_they_for_it(
    store: Store, url: str, record: MakeRecord
) -> None:
    reader = Store.open(url, read_only=True)
    store.save_trials("first", [record(1)])
    assert reader.trials("first") == [record(1)]
    store.save_trials("first", [record(2)])
    assert reader.count_trials("first") == 2
    reader.close()


def test_a_reader_cannot_write(store: Store, url: str, record: MakeRecord) -> None:
    reader = Store.open(url, read_only=True)
    with pytest.raises(AgentlabError, match=r"the store cannot be written: .*readonly"):
        reader.save_trials("first", [record(1)])
    reader.close()


def test_a_full_disk_is_told_and_loses_nothing_saved(
    store: Store, url: str, record: MakeRecord
) -> None:
    store.save_trials("first", [record(1)])
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(
        AgentlabError, match="the store cannot be written: database or disk is full"
    ):
        store.save_trials("first", [record(number) for number in range(2, 200)])
    again = Store.open(url)
    assert again.trials("first") == [record(1)]
    again.close()


def test_importing_the_package_alone_loads_no_database() -> None:
    program = "import sys, agentlab.store; sys.exit('sqlmodel' in sys.modules)"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)
