"""Ed25519 keys in PEM files; the one place that knows the package `cryptography`."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentlab.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["MAKE_KEYS", "PrivateKey", "PublicKey", "read_private_key", "read_public_key"]

MAKE_KEYS = (
    "openssl genpkey -algorithm ed25519 -out agentlab.key && "
    "openssl pkey -in agentlab.key -pubout -out agentlab.pub"
)
"""The command that makes a pair."""

_MOST_BYTES = 64 << 10


class PublicKey(NamedTuple):
    """Checks signatures."""

    raw: bytes
    """32 bytes."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key, 64 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Returns whether the key's owner signed exactly these bytes."""
        _require_package()
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except InvalidSignature:
            return False
        return True


class PrivateKey:
    """Signs. Nothing prints it, and no file of ours holds it."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """Returns the signature, 64 bytes; the same key and bytes give the same."""
        return self._key.sign(data)


def read_public_key(path: Path) -> PublicKey:
    """Returns the public key of a PEM file.

    Raises:
        InputError: it cannot be read, or holds something else.
    """
    _require_package()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = _read(path)
    if b"PRIVATE KEY" in data:
        raise InputError(f"{path}: is a private key; give the public one, such as agentlab.pub")
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"{path}: is no public key in PEM; make one: {MAKE_KEYS}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path}: is no Ed25519 key; make one: {MAKE_KEYS}")
    return PublicKey(key.public_bytes_raw())


def read_private_key(path: Path) -> PrivateKey:
    """Returns the private key of a PEM file that nobody else may read.

    Raises:
        InputError: it cannot be read, others may read it, or it holds something else.
    """
    _require_package()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _read(path, is_private=True)
    # No error here is chained: its frames hold the key.
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError:
        raise InputError(f"{path}: asks for a passphrase; give a key that has none") from None
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"{path}: is no private key in PEM; make one: {MAKE_KEYS}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path}: is no Ed25519 key; make one: {MAKE_KEYS}")
    return PrivateKey(key)


def _read(path: Path, *, is_private: bool = False) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if is_private and mode & 0o077:
                raise InputError(
                    f"{path}: others may read this private key (mode {mode:o}); "
                    f"try: chmod 600 {path}"
                )
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _require_package() -> None:
    try:
        import cryptography  # noqa: F401 - whether it is there
    except ImportError as error:
        raise InputError(
            "signatures need the package cryptography; "
            "try: pip install 'agentlab-autoresearch[signing]'"
        ) from error
