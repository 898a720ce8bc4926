"""Values of any space go to numbers and back; what is no value is refused in words."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.spaces.utils import flatten
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import InputError, ToolError
from environments.gym.spaces import FlatSpace

LEAVES = st.one_of(
    st.builds(
        spaces.Box,
        st.just(-2.5),
        st.just(3.5),
        st.sampled_from([(1,), (3,), (2, 2)]),
        st.sampled_from([np.float32, np.float64]),
    ),
    st.builds(
        lambda n, start: spaces.Discrete(n, start=start), st.integers(1, 4), st.integers(-3, 3)
    ),
    st.builds(
        spaces.MultiDiscrete,
        st.lists(st.integers(1, 5), min_size=1, max_size=3),
    ),
    st.builds(spaces.MultiBinary, st.integers(1, 3)),
)
SPACES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1).map(spaces.Dict),
        st.lists(inner, min_size=1, max_size=3).map(spaces.Tuple),
    ),
    max_leaves=4,
)
BOX = spaces.Box(np.array([-1, 0], np.float32), np.array([1, np.inf], np.float32))


@given(SPACES, st.integers(0, 1000))
def test_a_value_is_the_same_after_it_was_numbers(space: spaces.Space[Any], seed: int) -> None:
    space.seed(seed)
    value = space.sample()
    flat = FlatSpace(space, "action")
    numbers = flat.numbers(value)

    assert len(numbers) == flat.size == flat.described()["size"]
    back = flat.value(json.loads(json.dumps(numbers)))
    assert space.contains(back)
    assert np.array_equal(np.asarray(flatten(space, back)), np.asarray(flatten(space, value)))


@given(SPACES)
def test_to_do_nothing_is_a_value(space: spaces.Space[Any]) -> None:
    assert space.contains(FlatSpace(space, "action").neutral())


@pytest.mark.parametrize(
    ("space", "given", "kind", "said"),
    [
        (BOX, [0.5], "bad_shape", "the action has 1 numbers; it must have 2"),
        (BOX, 0.5, "bad_shape", "1 numbers"),
        (BOX, [0.5, float("nan")], "not_finite", "action[1] is nan"),
        (BOX, [1.5, 0], "out_of_bounds", "action[0] is 1.5; the most is 1"),
        (BOX, [0, -2], "out_of_bounds", "action[1] is -2; the least is 0"),
        (spaces.Discrete(2), 0.5, "not_whole", "action[0] is 0.5"),
        (spaces.Discrete(2), 2, "out_of_bounds", "the most is 1"),
        (spaces.Discrete(2, start=5), 0, "out_of_bounds", "the least is 5"),
        (spaces.MultiDiscrete([2, 3]), [1, 3], "out_of_bounds", "action[1] is 3; the most is 2"),
    ],
)
def test_what_is_no_action_is_refused_in_words(
    space: spaces.Space[Any], given: Any, kind: str, said: str
) -> None:
    with pytest.raises(ToolError) as caught:
        FlatSpace(space, "action").value(given)
    assert caught.value.kind == kind
    assert said in caught.value.message


def test_an_agent_is_told_bounds_as_they_were_written() -> None:
    told = FlatSpace(spaces.Box(np.float32(-4.8), np.float32(4.8), (2,)), "observation").described()

    assert told == {"size": 2, "low": -4.8, "high": 4.8, "whole": False}
    assert FlatSpace(BOX, "action").described()["high"] == [1.0, None]


def test_an_agent_is_told_where_the_parts_are() -> None:
    goals = spaces.Dict(
        achieved_goal=spaces.Box(-1, 1, (3,)), inner=spaces.Tuple([spaces.Discrete(2)])
    )

    assert FlatSpace(goals, "observation").described()["parts"] == {
        "achieved_goal": [0, 3],
        "inner.0": [3, 4],
    }


def test_single_precision_is_told_in_its_shortest_form() -> None:
    flat = FlatSpace(spaces.Box(-1, 1, (2,), np.float32), "observation")

    assert flat.numbers(np.array([0.1, -0.3], np.float32)) == [0.1, -0.3]


def test_a_space_without_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="Text cannot be told in numbers"):
        FlatSpace(spaces.Dict(said=spaces.Text(5)), "action")
