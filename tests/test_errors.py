from __future__ import annotations

import re

import pytest

from agentlab import errors
from agentlab.errors import (
    AgentlabError,
    CandidateError,
    InputError,
    NotReady,
    UnknownReference,
    nearest,
)


def test_the_drawn_tree_is_the_tree() -> None:
    drawn = re.findall(r"^[ │├└─]*([A-Z]\w+) {2,}", errors.__doc__ or "", re.MULTILINE)
    classes = [name for name in errors.__all__ if name[0].isupper()]

    assert sorted(drawn) == sorted(classes)


def test_a_persons_mistake_exits_with_2_and_our_failure_with_1() -> None:
    codes = {name: getattr(getattr(errors, name), "exit_code", None) for name in errors.__all__}

    assert {name for name, code in codes.items() if code == 2} == {
        "InputError",
        "UnknownReference",
        "CandidateError",
        "NotReady",
    }
    assert AgentlabError.exit_code == 1


def test_all_mistakes_are_told_at_once() -> None:
    error = InputError("line 1: unknown key", "line 2: not a number")

    assert error.problems == ("line 1: unknown key", "line 2: not a number")
    assert str(error) == "line 1: unknown key\nline 2: not a number"


@pytest.mark.parametrize("kind", [UnknownReference, CandidateError, NotReady])
def test_special_mistakes_are_mistakes(kind: type[InputError]) -> None:
    assert isinstance(kind("x"), InputError)


@pytest.mark.parametrize(
    ("given", "hint"),
    [("brwser", "; did you mean 'browser'?"), ("zzz", ""), ("", "")],
)
def test_the_nearest_word_is_offered_where_one_is_near(given: str, hint: str) -> None:
    assert nearest(given, ["browser", "robot"]) == hint


def test_a_problem_that_is_told_otherwise_is_read_so_everywhere() -> None:
    error = InputError("one", "two")
    error.retell(str.upper)
    assert (error.problems, str(error)) == (("ONE", "TWO"), "ONE\nTWO")
