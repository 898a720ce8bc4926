"""One content, one text, one signature: whatever byte changes is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import NotAuthentic
from agentlab.signing.ed25519 import PrivateKey, read_private_key
from agentlab.signing.envelope import open_envelope, require_signature, seal
from tests.signing.conftest import make_keys

PAYLOAD: dict[str, Any] = {
    "verdict": "promoted",
    "number": 0.1,
    "list": [1, 2.5, None, True, 'ü\u2028\\"'],
    "inner": {"b": 1, "a": 2},
}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> PrivateKey:
    return read_private_key(make_keys(tmp_path_factory.mktemp("keys")).private)


def is_authentic(data: bytes, key: PrivateKey) -> bool:
    try:
        require_signature(open_envelope(data, "promotion", "r"), [key.public], "r")
    except NotAuthentic:
        return False
    return True


def test_a_signed_envelope_opens_as_it_was(key: PrivateKey) -> None:
    envelope = seal("promotion", PAYLOAD, key)
    opened = open_envelope(envelope.to_bytes(), "promotion", "r")
    assert opened == envelope
    assert opened.payload == PAYLOAD
    assert require_signature(opened, [key.public], "r") == key.public


def test_the_same_content_is_the_same_text_in_whatever_order_it_was_put() -> None:
    turned = {name: PAYLOAD[name] for name in reversed(PAYLOAD)}
    turned["inner"] = {"a": 2, "b": 1}
    text = seal("promotion", PAYLOAD, None).to_bytes()
    assert seal("promotion", turned, None).to_bytes() == text
    assert (
        text
        == (
            '{"format":"agentlab-envelope-1","kind":"promotion","payload":{"inner":{"a":2,"b":1},'
            '"list":[1,2.5,null,true,"ü\u2028\\\\\\""],"number":0.1,"verdict":"promoted"},'
            '"signature":null}\n'
        ).encode()
    )


@given(place=st.integers(min_value=0), change=st.integers(1, 255))
def test_a_tampered_byte_is_found(key: PrivateKey, place: int, change: int) -> None:
    data = bytearray(seal("promotion", PAYLOAD, key).to_bytes())
    assert is_authentic(bytes(data), key)
    data[place % len(data)] ^= change
    assert not is_authentic(bytes(data), key)


@given(place=st.integers(min_value=0))
def test_a_byte_too_few_or_too_many_is_found(key: PrivateKey, place: int) -> None:
    data = seal("promotion", PAYLOAD, key).to_bytes()
    at = place % len(data)
    assert not is_authentic(data[:at] + data[at + 1 :], key)
    assert not is_authentic(data[:at] + b" " + data[at:], key)


def test_what_only_looks_the_same_is_found(key: PrivateKey) -> None:
    data = seal("promotion", PAYLOAD, key).to_bytes()
    parsed = json.loads(data)
    for text in (
        json.dumps(parsed),
        json.dumps(parsed, indent=2),
        data.decode().replace('"number":0.1', '"number":0.10'),
        data.decode().replace('"number":0.1', '"number":0.1,"number":0.1'),
        data.decode().replace("ü", "\\u00fc"),
        data.decode().replace(parsed["signature"]["value"], parsed["signature"]["value"].upper()),
    ):
        assert text.encode() != data
        assert not is_authentic(text.encode(), key)


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"a": NaN}']
)
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(NotAuthentic, match="is not what agentlab wrote"):
        open_envelope(data, "promotion", "r")


def test_a_signature_of_one_kind_is_none_of_another(key: PrivateKey) -> None:
    signed = seal("experiment", PAYLOAD, key)
    with pytest.raises(NotAuthentic, match="but the signature of an experiment"):
        open_envelope(signed.to_bytes(), "promotion", "r")
    renamed = signed.model_copy(update={"kind": "promotion"})
    assert not is_authentic(renamed.to_bytes(), key)


def test_nobody_and_a_stranger_are_told_apart(key: PrivateKey, tmp_path: Path) -> None:
    stranger = read_private_key(make_keys(tmp_path, "stranger").private)
    with pytest.raises(NotAuthentic, match="r: is not signed"):
        require_signature(seal("promotion", PAYLOAD, None), [key.public], "r")
    signed = seal("promotion", PAYLOAD, stranger)
    with pytest.raises(NotAuthentic, match=f"{stranger.public.fingerprint[:16]}, which is not"):
        require_signature(signed, [key.public], "r")
    assert require_signature(signed, [key.public, stranger.public], "r") == stranger.public
    with pytest.raises(NotAuthentic, match="trusted: none"):
        require_signature(signed, [], "r")
