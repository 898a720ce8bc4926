"""One episode as it can be compared with another."""

from __future__ import annotations

from typing import Any

from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import Artefact, TraceFrame, TrialRecord
from agentlab.search.caches.played import Call, played, result_of, where_they_part


def record(**changes: Any) -> TrialRecord:
    given: dict[str, Any] = {
        "key": "k",
        "bench": "b",
        "candidate": "c",
        "fate": Fate.FAILED,
        "outcome": Outcome(success=0.5, metrics={"near": 2.0}, feedback="so"),
        "usage": Usage(wall_s=1.0, cpu_s=0.5, steps=3),
    }
    return TrialRecord(**given | changes)


def frames(*given: dict[str, Any]) -> list[TraceFrame]:
    return [
        TraceFrame(at_s=at, sender="candidate" if "call" in frame else "environment", frame=frame)
        for at, frame in enumerate(given)
    ]


TRACE = frames(
    {"call": 1, "tool": "look", "args": {"at": "a"}},
    {"result": 1, "value": [1]},
    {"call": 2, "tool": "go", "args": {}},
    {"error": 2, "kind": "no", "message": "not there"},
    {"call": 3, "tool": "look", "args": {"at": "b"}},
)


def test_calls_are_paired_with_their_answers_and_the_last_may_have_none() -> None:
    assert played(record(), TRACE, None).calls == (
        Call("look", {"at": "a"}, [1]),
        Call("go", {}, ["no", "not there"]),
        Call("look", {"at": "b"}, None),
    )
    assert played(record(), [], None).calls == ()


def test_times_and_words_are_not_compared() -> None:
    other = record(
        usage=Usage(wall_s=9.0, cpu_s=9.0, steps=3),
        outcome=Outcome(success=0.5, metrics={"near": 2.0}, feedback="otherwise"),
    )

    assert result_of(record()) == result_of(other)
    assert where_they_part(played(record(), TRACE, None), played(other, TRACE, None)) is None


def test_what_is_measured_is_compared() -> None:
    for other in (
        record(fate=Fate.CRASHED),
        record(usage=Usage(steps=4)),
        record(outcome=Outcome(success=0.5, metrics={"near": 3.0})),
        record(outcome=None),
    ):
        assert result_of(other) != result_of(record())


def test_they_part_first_in_preparation_then_in_calls_then_in_the_result() -> None:
    prepared = record(kind="prepare", artefact=Artefact(digest="d", size_bytes=1))
    one = played(record(), TRACE, None)

    assert where_they_part(one, played(record(), [], prepared)) == "preparation"
    assert where_they_part(one, played(record(fate=Fate.CRASHED), [], None)) == "calls"
    assert where_they_part(one, played(record(), [], None), has_calls=False) is None
    assert where_they_part(one, played(record(outcome=None), TRACE, None)) == "result"


def test_numbers_are_what_was_spent_and_judged() -> None:
    numbers = played(record(), [], None).numbers

    assert numbers["success"] == 0.5
    assert numbers["near"] == 2.0
    assert numbers["steps"] == 3.0
    assert "wall_s" not in numbers
