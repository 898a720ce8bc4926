from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.signing.ed25519 import read_public_key
from agentlab.signing.settings import KEY_VARIABLE, places, read_settings
from tests.signing.conftest import KeyFiles


def write(folder: Path, text: str) -> Path:
    file = folder / "agentlab.toml"
    file.write_text(text)
    return file


def test_without_a_file_nothing_is_asked() -> None:
    settings = read_settings([Path("/nowhere/agentlab.toml")])
    assert not settings.require_signed
    assert settings.private_key({}) is None


def test_the_site_is_asked_before_whoever_runs_it() -> None:
    assert places({}) == [Path("/etc/agentlab.toml"), Path("agentlab.toml")]
    named = places({"AGENTLAB_CONFIG": "/mine.toml"})
    assert named == [Path("/etc/agentlab.toml"), Path("/mine.toml")]


def test_the_first_file_that_is_there_alone_counts(tmp_path: Path, keys: KeyFiles) -> None:
    (mine := tmp_path / "mine").mkdir()
    site = write(tmp_path, "[signing]\nrequire_signed = true\ntrusted_keys = ['agentlab.pub']\n")
    own = write(mine, "[signing]\nrequire_signed = false\n")
    assert read_settings([site, own]).require_signed
    assert not read_settings([own, site]).require_signed


def test_keys_lie_beside_the_file_that_names_them(tmp_path: Path, keys: KeyFiles) -> None:
    file = write(tmp_path, "[signing]\ntrusted_keys = ['agentlab.pub']\nkey = 'agentlab.key'\n")
    settings = read_settings([file])
    assert settings.public_keys() == [read_public_key(keys.public)]
    key = settings.private_key({})
    assert key is not None
    assert key.public == read_public_key(keys.public)


def test_a_variable_is_stronger_than_the_file(tmp_path: Path, keys: KeyFiles) -> None:
    file = write(tmp_path, "[signing]\nkey = 'nowhere.key'\n")
    settings = read_settings([file])
    with pytest.raises(InputError, match=r"nowhere\.key: cannot be read"):
        settings.private_key({})
    key = settings.private_key({KEY_VARIABLE: str(keys.private)})
    assert key is not None
    assert settings.private_key_file({KEY_VARIABLE: str(keys.private)}) == keys.private


def test_a_file_that_is_named_and_missing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTLAB_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(InputError, match=r"AGENTLAB_CONFIG: there is no file .*gone\.toml"):
        read_settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[signing", "is not TOML"),
        ("[signing]\nrequire_singed = true", "did you mean 'require_signed'"),
        ("[singing]\nrequire_signed = true", "singing: unknown table; there is [signing]"),
        ("require_signed = true", "require_signed: unknown table"),
        ("signing = true", "must be a table"),
        ("[signing]\nrequire_signed = 5", "signing.require_signed: "),
        ("[signing]\nfile = 'x'", "signing.file: unknown key"),
        ("[signing]\nrequire_signed = true", "needs trusted_keys"),
    ],
)
def test_a_mistake_is_no_protection_and_so_an_error(tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(InputError) as refused:
        read_settings([file])
    assert words in str(refused.value)
    assert str(file) in str(refused.value)


def test_who_cannot_sign_is_told_how_to_make_a_key() -> None:
    with pytest.raises(InputError, match=r"AGENTLAB_SIGNING_KEY.*openssl genpkey"):
        read_settings([]).require_private_key()
