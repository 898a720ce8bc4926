from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from agentlab.errors import InputError
from agentlab.signing.ed25519 import MAKE_KEYS, read_private_key, read_public_key
from tests.signing.conftest import KeyFiles


def test_what_the_private_key_signs_the_public_one_verifies(keys: KeyFiles) -> None:
    private, public = read_private_key(keys.private), read_public_key(keys.public)
    signature = private.sign(b"this")
    assert private.public == public
    assert len(signature) == 64
    assert len(public.fingerprint) == 64
    assert public.verifies(signature, b"this")
    assert not public.verifies(signature, b"that")
    other_bit = bytes([signature[0] ^ 1])
    assert not public.verifies(other_bit + signature[1:], b"this")
    assert private.sign(b"this") == signature


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610])
def test_a_private_key_that_others_may_read_is_refused(keys: KeyFiles, mode: int) -> None:
    keys.private.chmod(mode)
    with pytest.raises(InputError, match=rf"mode {mode:o}.*chmod 600"):
        read_private_key(keys.private)


def test_what_is_no_such_key_is_told_apart(keys: KeyFiles, tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    other = tmp_path / "other"
    other.write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    other.chmod(0o600)
    locked = tmp_path / "locked"
    key = load_pem_private_key(keys.private.read_bytes(), None)
    locked.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    )
    locked.chmod(0o600)
    other_public = tmp_path / "other.pub"
    other_public.write_bytes(
        curve.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    nothing = tmp_path / "nothing"
    nothing.write_text("nothing")
    nothing.chmod(0o600)
    for read, file, words in (
        (read_private_key, other, "no Ed25519 key"),
        (read_private_key, locked, "passphrase"),
        (read_private_key, nothing, "no private key in PEM"),
        (read_private_key, keys.public, "others may read|no private key"),
        (read_private_key, tmp_path / "missing", "cannot be read"),
        (read_private_key, tmp_path, "cannot be read"),
        (read_public_key, keys.private, "is a private key"),
        (read_public_key, other_public, "no Ed25519 key"),
        (read_public_key, nothing, "no public key in PEM"),
    ):
        with pytest.raises(InputError, match=words):
            read(file)


def test_no_message_holds_a_key(keys: KeyFiles) -> None:
    text = keys.private.read_text()
    secret = text.splitlines()[1]
    keys.private.write_text(text.replace("PRIVATE KEY", "PRIVATE SECRET"))
    with pytest.raises(InputError) as refused:
        read_private_key(keys.private)
    assert secret not in "".join(traceback.format_exception(refused.value))
    assert secret not in repr(read_private_key)


def test_the_documented_command_makes_keys_that_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["sh", "-ec", MAKE_KEYS], check=True, capture_output=True)
    private = read_private_key(tmp_path / "agentlab.key")
    assert private.public == read_public_key(tmp_path / "agentlab.pub")


def test_without_the_package_it_says_how_to_get_it(keys: KeyFiles) -> None:
    program = (
        "import sys\n"
        "sys.modules['cryptography'] = None\n"
        "from pathlib import Path\n"
        "from agentlab.signing.ed25519 import read_public_key\n"
        f"read_public_key(Path({str(keys.public)!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "InputError" in done.stderr
    assert "pip install 'agentlab-autoresearch[signing]'" in done.stderr
