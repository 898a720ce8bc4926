"""Keys made for a test."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


class KeyFiles(NamedTuple):
    private: Path
    public: Path


def make_keys(folder: Path, name: str = "agentlab") -> KeyFiles:
    """Writes a pair, as openssl would."""
    key = Ed25519PrivateKey.generate()
    files = KeyFiles(folder / f"{name}.key", folder / f"{name}.pub")
    files.private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files.private.chmod(0o600)
    files.public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return files


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    """Returns a pair."""
    return make_keys(tmp_path)
