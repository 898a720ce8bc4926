"""What an operator may know of the place of a node."""

from __future__ import annotations

import libcst as cst

from agentlab.meta.mutation.surroundings import find_donors, find_function, text_of

MODULE = cst.parse_module(
    """
NAMES = ["one", "two", "one"]

def f(a):
    if a > 1:
        return look(a, limit=3)
    if a > 1 and b:
        return None
    return look(a, limit=WIDE, where=a.b)
"""
)


def test_strings_of_collections_are_donors_once_each() -> None:
    assert find_donors(MODULE).strings == ('"one"', '"two"')


def test_named_arguments_are_donors_where_they_mean_the_same_elsewhere() -> None:
    arguments = find_donors(MODULE).arguments["look"]
    assert {key: [text_of(one.value) for one in found] for key, found in arguments.items()} == {
        "limit": ["3", "WIDE"]
    }


def test_a_function_tells_its_conditions_and_returns() -> None:
    function = find_function(cst.ensure_type(MODULE.body[1], cst.FunctionDef))
    assert [text_of(one) for one in function.conditions] == ["a > 1", "a > 1 and b"]
    assert [text_of(one) for one in function.leaves] == [
        "return look(a, limit=3)",
        "return None",
        "return look(a, limit=WIDE, where=a.b)",
    ]
