from __future__ import annotations

import sqlite3

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import Artefact, TrialRecord
from agentlab.core.value import digest
from agentlab.store.store import RunInfo, Store

TEXTS = st.text(st.characters(), max_size=12)  # surrogates and NUL included
SHARES = st.floats(0, 1)
METRICS = st.dictionaries(TEXTS, st.floats(allow_nan=False, allow_infinity=False), max_size=3)
ITEMS = st.builds(ItemOutcome, id=TEXTS, cluster=TEXTS, success=SHARES, metrics=METRICS)
OUTCOMES = st.builds(
    Outcome,
    success=SHARES,
    metrics=METRICS,
    items=st.lists(ITEMS, max_size=4).map(tuple),
    progress=st.none() | SHARES,
    feedback=TEXTS,
)
RECORDS = st.builds(
    TrialRecord,
    key=st.binary(min_size=16, max_size=16).map(bytes.hex),
    bench=st.just(digest("bench")),
    candidate=st.binary(min_size=16, max_size=16).map(bytes.hex),
    kind=st.sampled_from(["solve", "prepare"]),
    task=TEXTS,
    split=st.sampled_from([None, "train", "validation", "test"]),
    seed=st.integers(0, 2**63),
    cluster=TEXTS,
    repetition=st.integers(0, 9),
    fate=st.sampled_from(Fate),
    reason=TEXTS,
    outcome=st.none() | OUTCOMES,
    usage=st.builds(Usage, cost_usd=st.floats(0, 9), tool_calls=st.integers(0, 9)),
    artefact=st.none() | st.builds(Artefact, digest=TEXTS, size_bytes=st.integers(0, 9)),
    sandbox=TEXTS,
)


@given(records=st.lists(RECORDS, max_size=5, unique_by=lambda record: record.key))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_record_comes_back_as_it_was_saved(store: Store, records: list[TrialRecord]) -> None:
    # Keys of earlier examples are left as they are: give each example's a run of its own.
    run = f"run-{len(store.runs())}"
    store.create_run(RunInfo(run, "", "", "running", {}, None))
    store.save_trials(run, records)
    assert store.trials(run) == records
    assert [store.trial(run, record.key) for record in records] == records


def test_a_record_of_the_first_version_is_still_read_the_same(store: Store, url: str) -> None:
    key, candidate = digest("key"), digest("candidate")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "INSERT INTO trial (run_id, key, candidate, kind, split, record) "
            "VALUES (1, ?, ?, 'solve', 'test', ?)",
            (
                bytes.fromhex(key),
                bytes.fromhex(candidate),
                '{"bench":"b","fate":"solved","outcome":{"success":1.0}}',
            ),
        )
    connection.close()
    assert store.trials("first")[0].model_dump(mode="json") == {
        "key": key,
        "bench": "b",
        "candidate": candidate,
        "kind": "solve",
        "task": "",
        "split": "test",
        "seed": 0,
        "cluster": "",
        "repetition": 0,
        "fate": "solved",
        "reason": "",
        "outcome": {
            "success": 1.0,
            "metrics": {},
            "items": [],
            "progress": None,
            "feedback": "",
        },
        "usage": {
            "cost_usd": 0.0,
            "cost_kind": "none",
            "prompt_tokens": 0,
            "completion_tokens": 0,
            "context_tokens": 0,
            "context_tokens_max": 0,
            "wall_s": 0.0,
            "cpu_s": 0.0,
            "tool_calls": 0,
            "steps": 0,
        },
        "artefact": None,
        "sandbox": "",
    }
