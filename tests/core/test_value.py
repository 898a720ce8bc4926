from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agentlab.core.value import JsonValue, Value, canonical_json, digest, plain_json
from agentlab.llm.tokens import count_tokens

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


class Point(Value):
    x: float
    y: float = 0.0


def shuffled(value: JsonValue) -> JsonValue:
    """Returns the same value with the keys of each mapping in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_the_order_of_keys_changes_neither_text_nor_address(value: JsonValue) -> None:
    assert canonical_json(shuffled(value)) == canonical_json(value)
    assert digest(shuffled(value)) == digest(value)


@given(JSON)
def test_the_plain_text_keeps_the_order_of_keys_and_counts_as_the_canonical_one(
    value: JsonValue,
) -> None:
    text = plain_json(value)
    assert json.dumps(json.loads(text)) == json.dumps(value)
    assert count_tokens(text) == count_tokens(canonical_json(value))


@given(JSON)
def test_the_canonical_text_reads_back_as_the_value(value: JsonValue) -> None:
    assert json.loads(canonical_json(value)) == value


@given(JSON, JSON)
def test_different_values_have_different_addresses(one: JsonValue, other: JsonValue) -> None:
    assert (digest(one) == digest(other)) == (canonical_json(one) == canonical_json(other))


def test_an_address_is_32_hex_digits_of_bytes_or_json() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223"
    assert digest({"a": 1}) == digest(b'{"a":1}')


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(number)
    with pytest.raises(ValidationError, match="finite"):
        Point(x=number)


def test_a_value_is_frozen_and_knows_its_fields() -> None:
    point = Point(x=1)

    with pytest.raises(ValidationError, match="frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Point.model_validate({"x": 1, "z": 2})
