"""What the store does on every database: inherit, give its URL, run with pytest.

class TestMyDatabase(StoreSuite):
    @pytest.fixture
    def url(self):
        return "postgresql+psycopg://me@/an_empty_database"

Without a URL it is SQLite, in a folder of each test.
"""

# A test's name is its sentence.
# ruff: noqa: D102

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import Artefact, TrialRecord
from agentlab.core.value import digest
from agentlab.errors import AgentlabError, InputError, UnknownReference
from agentlab.store.store import RunInfo, Store

__all__ = ["StoreSuite"]

_RUN = RunInfo("first", "2026-01-02T03:04:05+00:00", "0.1.0", "running", {"seed": 7}, None)
_BASELINE = Candidate(files={"agent.py": b"def solve(goal, tools): ...\n", "data/a": b"\x00\xff"})
_EDITED = Candidate(
    files={"agent.py": b"def solve(goal, tools): return 1\n", "data/a": b"\x00\xff"},
    parent=_BASELINE.digest,
    hypothesis="answering helps \u2013 \u00fc",
    source="ideas",
    label="answer",
    provenance="curated",
)


class StoreSuite:
    """Tests of the store on one database."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        """Returns the URL of an empty database."""
        return f"sqlite:///{tmp_path / 'agentlab.sqlite'}"

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        """Yields an open store that holds one run."""
        store = Store.open(url)
        store.create_run(_RUN)
        yield store
        store.close()

    def test_a_run_comes_back_and_its_name_is_its_own(self, store: Store) -> None:
        store.create_run(_RUN._replace(name="second", created_at="2026-01-03T00:00:00+00:00"))

        assert store.run("first") == _RUN
        assert [run.name for run in store.runs()] == ["first", "second"]
        with pytest.raises(InputError, match="first"):
            store.create_run(_RUN)
        with pytest.raises(UnknownReference, match="did you mean 'first'"):
            store.run("frist")

    def test_what_became_of_a_run_is_kept(self, store: Store) -> None:
        store.update_run("first", status="completed", result={"verdict": "better"})
        store.update_run("first", status="interrupted")

        assert store.run("first") == _RUN._replace(
            status="interrupted", result={"verdict": "better"}
        )

    def test_a_candidate_comes_back_whole_and_is_kept_once(self, store: Store) -> None:
        for candidate in (_BASELINE, _EDITED, _BASELINE):
            store.add_candidate("first", candidate)

        assert store.candidate("first", _EDITED.digest) == _EDITED
        assert store.candidate("first", _EDITED.digest[:8]) == _EDITED
        assert store.candidate("first", 0) == _BASELINE
        assert [info.digest for info in store.candidates("first")] == [
            _BASELINE.digest,
            _EDITED.digest,
        ]
        with pytest.raises(UnknownReference):
            store.candidate("first", "0" * 32)

    def test_a_trial_comes_back_as_it_was(self, store: Store) -> None:
        records = [
            _record(1),
            _record(
                2,
                fate=Fate.FAILED,
                outcome=Outcome(
                    success=0.5,
                    metrics={"mrr": 0.25},
                    items=(
                        ItemOutcome(id="q1", cluster="a", success=1.0, metrics={"mrr": 0.5}),
                        ItemOutcome(id="q2", cluster="b", success=0.0),
                    ),
                    progress=0.1,
                    feedback="half",
                ),
                usage=Usage(cost_usd=1e-9, cost_kind="metered", context_tokens=7, wall_s=0.1),
            ),
            _record(3, fate=Fate.CRASHED, reason="half a pair: \ud800", outcome=None),
            _record(
                4,
                kind="prepare",
                split=None,
                task="",
                outcome=None,
                artefact=Artefact(digest="a" * 32, size_bytes=3),
            ),
        ]
        store.save_trials("first", records)

        assert store.trials("first") == records
        assert [store.trial("first", record.key) for record in records] == records
        assert store.trial("first", "0" * 32) is None

    def test_a_trial_counts_once_however_often_it_is_saved(self, store: Store) -> None:
        store.save_trials("first", [_record(1), _record(2)])
        store.save_trials("first", [_record(2, fate=Fate.FAILED), _record(3), _record(3)])
        store.save_trials("first", [])

        assert store.count_trials("first") == 3
        assert store.trials("first") == [_record(1), _record(2), _record(3)]

    def test_trials_are_found_by_candidate_split_and_kind(self, store: Store) -> None:
        other = _record(2, candidate=_EDITED.digest, split="validation")
        made = _record(3, kind="prepare", split=None, outcome=None)
        store.save_trials("first", [_record(1), other, made])

        assert store.trials("first", candidate=_EDITED.digest) == [other]
        assert store.trials("first", split="validation") == [other]
        assert store.trials("first", kind="prepare") == [made]
        assert store.trials("first", candidate=_BASELINE.digest, kind="solve") == [_record(1)]

    def test_runs_in_one_database_do_not_mix(self, store: Store) -> None:
        store.create_run(_RUN._replace(name="second"))
        store.add_candidate("first", _BASELINE)
        store.save_trials("first", [_record(1)])
        store.append_event("first", "proposed", {})

        assert store.candidates("second") == []
        assert store.trials("second") == []
        assert store.events("second") == []

    def test_the_log_keeps_its_order(self, store: Store) -> None:
        first = store.append_event("first", "a", {"n": 1})
        rest = store.append_events("first", [("b", {"n": 2}), ("a", {"n": 3, "deep": [None]})])

        assert [first, *rest] == sorted({first, *rest})
        assert store.events("first") == [{"n": 1}, {"n": 2}, {"n": 3, "deep": [None]}]
        assert store.events("first", "a") == [{"n": 1}, {"n": 3, "deep": [None]}]

    def test_decisions_are_told_by_the_proposals_number(self, store: Store) -> None:
        for numbers in ((3, 4), (1, 2)):
            decisions = [_decision(number).model_dump(mode="json") for number in numbers]
            store.append_event("first", "decisions", {"decisions": decisions})

        assert store.decisions("first") == [_decision(number) for number in (1, 2, 3, 4)]

    def test_all_of_it_is_there_when_it_is_opened_again(self, store: Store, url: str) -> None:
        store.add_candidate("first", _BASELINE)
        store.save_trials("first", [_record(1)])
        store.append_event("first", "a", {"n": 1})
        store.close()

        again = Store.open(url)
        try:
            assert again.runs() == [_RUN]
            assert again.candidate("first", 0) == _BASELINE
            assert again.trials("first") == [_record(1)]
            assert again.events("first") == [{"n": 1}]
        finally:
            again.close()

    def test_a_reader_sees_what_is_written_and_writes_nothing(self, store: Store, url: str) -> None:
        reader = Store.open(url, read_only=True)
        try:
            store.save_trials("first", [_record(1)])

            assert reader.count_trials("first") == 1
            with pytest.raises(AgentlabError):
                reader.save_trials("first", [_record(2)])
        finally:
            reader.close()
        assert store.count_trials("first") == 1


def _record(number: int, **changes: Any) -> TrialRecord:  # Any: fields of a record
    fields: dict[str, Any] = {
        "key": digest(["trial", number]),
        "bench": digest("bench"),
        "candidate": _BASELINE.digest,
        "task": "shop/quantity",
        "split": "train",
        "seed": number,
        "cluster": f"shop/quantity#{number}",
        "fate": Fate.SOLVED,
        "outcome": Outcome(success=1.0, feedback="ok"),
        "usage": Usage(tool_calls=3),
        "sandbox": "plain",
    }
    return TrialRecord.model_validate({**fields, **changes})


def _decision(number: int) -> Decision:
    return Decision(
        number=number,
        candidate=_EDITED.digest,
        incumbent=_BASELINE.digest,
        source="ideas",
        label="answer",
        verdict=Verdict.DISCARDED,
        stage="smoke",
        reason="it crashed",
    )
