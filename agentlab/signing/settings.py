"""What this site asks to be signed, and by whom.

It is no part of an experiment, since whoever brings the experiment would leave it out.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agentlab.core.value import Value
from agentlab.errors import InputError, nearest
from agentlab.signing.ed25519 import (
    MAKE_KEYS,
    PrivateKey,
    PublicKey,
    read_private_key,
    read_public_key,
)

__all__ = ["KEY_VARIABLE", "SigningSettings", "places", "read_settings"]

KEY_VARIABLE = "AGENTLAB_SIGNING_KEY"
"""Names the file of the private key; stronger than the settings."""

_FILE_VARIABLE = "AGENTLAB_CONFIG"
_SITE = Path("/etc/agentlab.toml")


class SigningSettings(Value):
    """The table `[signing]` of `agentlab.toml`; paths in it are read from where the file lies."""

    require_signed: bool = False
    """Refuse to run, resume or promote by an experiment that no trusted key has signed."""

    trusted_keys: tuple[str, ...] = ()
    """Public keys, PEM files."""

    key: str | None = None
    """The private key that signs here, a PEM file that nobody else may read."""

    file: Path | None = None
    """Where this is from; None where there are no settings."""

    def public_keys(self) -> list[PublicKey]:
        """Returns the trusted keys.

        Raises:
            InputError: one cannot be read.
        """
        return [read_public_key(self._path(name)) for name in self.trusted_keys]

    def private_key(self, environ: Mapping[str, str] = os.environ) -> PrivateKey | None:
        """Returns the key that signs here, or None where none is set.

        Raises:
            InputError: it cannot be used.
        """
        path = self.private_key_file(environ)
        return read_private_key(path) if path is not None else None

    def private_key_file(self, environ: Mapping[str, str] = os.environ) -> Path | None:
        """Returns where the key that signs here lies, or None where none is set."""
        if given := environ.get(KEY_VARIABLE):
            return Path(given)
        return self._path(self.key) if self.key else None

    def require_private_key(self) -> PrivateKey:
        """Returns the key that signs here.

        Raises:
            InputError: none is set, or it cannot be used.
        """
        key = self.private_key()
        if key is None:
            raise InputError(
                f"there is no key to sign with; set {KEY_VARIABLE} to its file; "
                f"this makes one: {MAKE_KEYS}"
            )
        return key

    def _path(self, name: str) -> Path:
        folder = self.file.parent if self.file else Path()
        return folder / Path(name).expanduser()


def places(environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Returns where settings may lie, the strongest first: the site's, one named, the project's."""
    named = environ.get(_FILE_VARIABLE)
    return [_SITE, *([Path(named)] if named else [Path("agentlab.toml")])]


def read_settings(files: Sequence[Path] | None = None) -> SigningSettings:
    """Returns the settings of the first file that is there; it alone counts.

    Args:
        files: Where to look; `places()` if not given.

    Raises:
        InputError: the file cannot be read or says what it may not, or `AGENTLAB_CONFIG` names
            none.
    """
    for file in places() if files is None else files:
        if file.exists():
            return _read(file)
    if files is None and (named := os.environ.get(_FILE_VARIABLE)):
        raise InputError(f"{_FILE_VARIABLE}: there is no file {named}")
    return SigningSettings()


def _read(file: Path) -> SigningSettings:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{file}: is not TOML: {error}") from error
    allowed = [name for name in SigningSettings.model_fields if name != "file"]
    table = document.get("signing", {})
    problems = [f"{file}: {p}" for p in _problems(document, table, allowed)]
    if problems:
        raise InputError(*problems)
    try:
        settings = SigningSettings.model_validate({**table, "file": file})
    except ValidationError as error:
        raise InputError(
            *(f"{file}: signing.{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        ) from error
    if settings.require_signed and not settings.trusted_keys:
        raise InputError(f"{file}: signing.require_signed: needs trusted_keys")
    return settings


def _problems(document: dict[str, Any], table: Any, allowed: Sequence[str]) -> list[str]:
    """Returns what stands there and should not; a misspelt key would be no protection."""
    unknown = [f"{key}: unknown table; there is [signing]" for key in document if key != "signing"]
    if not isinstance(table, dict):
        return [*unknown, "signing: must be a table, [signing]"]
    keys = [key for key in table if key not in allowed]
    return unknown + [
        f"signing.{key}: unknown key{nearest(key, allowed)} (allowed: {', '.join(allowed)})"
        for key in keys
    ]
