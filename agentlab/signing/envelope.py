"""What is signed and by whom, in one file: canonical JSON, so that no byte of it may change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError

from agentlab.core.value import JsonValue, Value, canonical_json
from agentlab.errors import NotAuthentic
from agentlab.signing.ed25519 import PrivateKey, PublicKey

__all__ = ["Envelope", "Kind", "Signature", "open_envelope", "require_signature", "seal"]

Kind = Literal["experiment", "promotion"]
"""What it holds; a signature of one kind is none of another."""

_MOST_BYTES = 64 << 20


class Signature(Value):
    """Who signed, and the proof."""

    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Fingerprint of the public key."""

    value: str = Field(pattern=r"^[0-9a-f]{128}$")
    """Ed25519 over everything else in the envelope, hex."""


class Envelope(Value):
    """A payload and its signature."""

    format: Literal["agentlab-envelope-1"] = "agentlab-envelope-1"
    kind: Kind
    payload: dict[str, JsonValue]
    signature: Signature | None = None

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is over: the canonical JSON of everything else."""
        return canonical_json(self.model_dump(mode="json", exclude={"signature"})).encode()

    def to_bytes(self) -> bytes:
        """Returns the one content of the file."""
        return canonical_json(self.model_dump(mode="json")).encode() + b"\n"


def seal(kind: Kind, payload: dict[str, JsonValue], key: PrivateKey | None) -> Envelope:
    """Returns the envelope, signed if there is a key."""
    envelope = Envelope(kind=kind, payload=payload)
    if key is None:
        return envelope
    signature = Signature(key=key.public.fingerprint, value=key.sign(envelope.signed_bytes).hex())
    return envelope.model_copy(update={"signature": signature})


def open_envelope(data: bytes, kind: Kind, name: str) -> Envelope:
    """Returns the envelope that a file holds; its signature is not looked at.

    Args:
        data: The file's content.
        kind: What it must be.
        name: What messages call the file.

    Raises:
        NotAuthentic: it is no such file, or not byte for byte as it was written.
    """
    wrong = f"{name}: is not what agentlab wrote as the {_WORDS[kind]}"
    if len(data) > _MOST_BYTES:
        raise NotAuthentic(f"{wrong}: {len(data):,} bytes")
    try:
        parsed: Any = json.loads(data)
        envelope = Envelope.model_validate(parsed)
        is_whole = envelope.to_bytes() == data
    except (ValueError, ValidationError, RecursionError) as error:
        raise NotAuthentic(f"{wrong}, or it was changed") from error
    if envelope.kind != kind:
        raise NotAuthentic(f"{wrong}, but the {_WORDS[envelope.kind]}")
    if not is_whole:
        raise NotAuthentic(f"{wrong}, or it was changed")
    return envelope


def require_signature(envelope: Envelope, keys: Sequence[PublicKey], name: str) -> PublicKey:
    """Returns the key among those given that signed the envelope as it is.

    Raises:
        NotAuthentic: none of them did, or not this content.
    """
    signature = envelope.signature
    if signature is None:
        raise NotAuthentic(f"{name}: is not signed")
    for key in keys:
        if key.fingerprint == signature.key:
            if key.verifies(bytes.fromhex(signature.value), envelope.signed_bytes):
                return key
            raise NotAuthentic(f"{name}: was changed after it was signed")
    known = ", ".join(key.fingerprint[:16] for key in keys) or "none"
    raise NotAuthentic(
        f"{name}: is signed by the key {signature.key[:16]}, which is not trusted "
        f"(trusted: {known})"
    )


_WORDS: dict[Kind, str] = {
    "experiment": "signature of an experiment",
    "promotion": "record of a promotion",
}
