"""What every value of the core is: frozen, strict about its fields, addressed by its content."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue

__all__ = ["EachOnce", "JsonValue", "Value", "canonical_json", "digest", "plain_json"]


_AS_IT_STANDS = json.JSONEncoder(separators=(",", ":"), allow_nan=False, ensure_ascii=False)


class Value(BaseModel):
    """A frozen record; an unknown field is an error, a non-finite number too."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def canonical_json(value: Any) -> str:  # Any: whatever json accepts
    """Returns the one JSON text of a value: sorted keys, no spaces, no NaN.

    >>> canonical_json({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )


def plain_json(value: Any) -> str:  # Any: whatever json accepts
    """Returns the JSON text of a value, its keys in their order: no spaces, no NaN.

    >>> plain_json({"b": 1, "a": [True, None]})
    '{"b":1,"a":[true,null]}'
    """
    return _AS_IT_STANDS.encode(value)


def digest(value: Any) -> str:  # Any: whatever json accepts, or bytes
    """Returns the content address of a value: 32 hex digits (the first 128 bits of SHA-256)."""
    data = value if isinstance(value, bytes) else canonical_json(value).encode()
    return hashlib.sha256(data).hexdigest()[:32]


def _each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:  # Any: whatever a list may hold
    twice = next((value for place, value in enumerate(values) if value in values[:place]), None)
    if twice is not None:
        raise ValueError(f"`{twice}` stands twice")
    return values


EachOnce = AfterValidator(_each_once)
"""Annotates a list in which nothing may stand twice."""
