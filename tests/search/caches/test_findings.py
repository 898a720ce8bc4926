"""Which cache swallowed which edit, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agentlab.core.outcome import Fate
from agentlab.core.value import JsonValue
from agentlab.search.caches.findings import asked_otherwise, swallowed
from agentlab.search.caches.played import Call, Played


def episode(*calls: Call, result: str = "", artefact: str = "") -> Played:
    return Played(Fate.FAILED, "", calls, result, artefact, {})


def search(answer: JsonValue, **arguments: JsonValue) -> Call:
    given: Mapping[str, JsonValue] = arguments
    return Call("search", given, answer)


OLD = episode(search([1], query="a", prompt="x"))
FRESH = episode(search([2], query="a", prompt="y"))
KEPT = episode(search([1], query="a", prompt="y"))


def told(where: str, fresh: Played, kept: Played, earlier: Played = OLD) -> str:
    return swallowed(where, fresh=fresh, kept=kept, earlier=earlier, who="edit 'e'", after="it")


def test_the_tool_is_named_with_the_argument_that_its_key_lacks() -> None:
    sentence = told("calls", FRESH, KEPT)

    assert "tool `search` answers from a cache that is keyed without `prompt`" in sentence
    assert 'search(query="a", prompt="y") gives [2] in a new process and [1] after it' in sentence


def test_no_argument_is_blamed_where_the_answer_is_not_the_earlier_one() -> None:
    sentence = told("calls", FRESH, episode(search([9], query="a", prompt="y")))

    assert "answers from a cache;" in sentence
    assert "keyed" not in sentence


def test_the_first_call_that_differs_counts() -> None:
    first = search([0], query="z")
    sentence = told(
        "calls",
        episode(first, *FRESH.calls, search([5])),
        episode(first, *KEPT.calls, search([6])),
        episode(first, *OLD.calls),
    )

    assert "keyed without `prompt`" in sentence


def test_what_no_tool_can_have_done_is_not_blamed_on_one() -> None:
    other = episode(search([1], query="b", prompt="y"))

    assert "what runs candidates" in told("calls", FRESH, other)
    assert "what runs candidates" in told("calls", FRESH, episode())
    assert "judge or the meter" in told("result", FRESH, FRESH)
    assert "prepare()" in told("preparation", FRESH, FRESH)


def test_a_long_answer_is_shortened() -> None:
    assert len(told("calls", episode(search("x" * 500, q=1)), episode(search("y", q=1)))) < 400


def test_what_was_asked_otherwise_first_is_told_with_its_arguments() -> None:
    asked, answered = asked_otherwise(OLD, KEPT), asked_otherwise(OLD, FRESH)

    assert asked is not None
    assert asked.key == ("search", ("prompt",))
    assert not asked.is_answered
    assert answered is not None
    assert answered.is_answered


def test_another_tool_or_the_same_calls_say_nothing() -> None:
    assert asked_otherwise(OLD, episode(Call("go", {}, None))) is None
    assert asked_otherwise(OLD, OLD) is None


@pytest.mark.parametrize(
    ("text", "answer", "is_telling"),
    [
        ("name the place", ["a"], True),
        ([{"role": "user", "content": "name the place"}], "a", True),
        ("place", ["a"], False),
        (["place", "time", "name"], ["a"], False),
        (7, ["a"], False),
        ("name the place", None, False),
        ("name the place", [], False),
        ("name the place", True, False),
    ],
)
def test_only_of_a_text_of_several_words_the_same_answer_tells(
    text: JsonValue, answer: JsonValue, is_telling: bool
) -> None:
    asked = asked_otherwise(episode(search(answer, q=text)), episode(search(answer, q="")))

    assert asked is not None
    assert asked.is_telling == is_telling
