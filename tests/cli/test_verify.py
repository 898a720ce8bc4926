"""0 as it was signed, 1 not so, 2 nothing to check or nothing to check it with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlab.signing.ed25519 import read_private_key
from agentlab.signing.envelope import seal
from tests.report.promotions import PROMOTION
from tests.signing.conftest import KeyFiles, make_keys


@pytest.fixture
def keys(project: Path) -> KeyFiles:
    return make_keys(project)


@pytest.fixture
def record(project: Path, keys: KeyFiles) -> Path:
    payload = PROMOTION.model_dump(mode="json")
    file = project / "record.json"
    file.write_bytes(seal("promotion", payload, read_private_key(keys.private)).to_bytes())
    return file


def test_a_signed_record_is_shown(
    record: Path, keys: KeyFiles, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("verify", "record.json", "--key", "agentlab.pub", "--json")
    assert answer.code == 0
    assert answer.json["promotion"] == PROMOTION.model_dump(mode="json")
    assert answer.json["signed_by"] == read_private_key(keys.private).public.fingerprint


def test_without_a_key_the_trusted_ones_of_the_site_count(
    record: Path, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("verify", "record.json")
    assert answer.code == 2
    assert "no key to trust is known" in answer.err
    (project / "agentlab.toml").write_text("[signing]\ntrusted_keys = ['agentlab.pub']\n")
    assert agentlab_call("verify", "record.json").code == 0


def test_a_tampered_an_unsigned_and_a_stranger_s_record_are_1(
    record: Path, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    def code() -> int:
        answer: int = agentlab_call("verify", "record.json", "--key", "agentlab.pub").code
        return answer

    data = record.read_bytes()
    for place in (0, len(data) // 3, len(data) // 2, len(data) - 5, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        record.write_bytes(bytes(changed))
        assert code() == 1
    record.write_bytes(data)
    assert code() == 0
    record.write_bytes(seal("promotion", PROMOTION.model_dump(mode="json"), None).to_bytes())
    assert code() == 1
    (stranger := project / "stranger").mkdir()
    key = read_private_key(make_keys(stranger).private)
    record.write_bytes(seal("promotion", PROMOTION.model_dump(mode="json"), key).to_bytes())
    assert code() == 1


def test_a_record_of_another_version_is_told_as_such(
    record: Path, keys: KeyFiles, agentlab_call: Callable[..., Any]
) -> None:
    key = read_private_key(keys.private)
    record.write_bytes(seal("promotion", {"version": "9.9", "other": 1}, key).to_bytes())
    answer = agentlab_call("verify", "record.json", "--key", "agentlab.pub")
    assert answer.code == 2
    assert "another version of agentlab (9.9)" in answer.err


def test_what_cannot_be_read_is_2(
    record: Path, project: Path, agentlab_call: Callable[..., Any]
) -> None:
    for arguments in (
        ("nothing.json", "--key", "agentlab.pub"),
        ("record.json", "--key", "nothing.pub"),
        ("record.json", "--key", "agentlab.key"),
    ):
        assert agentlab_call("verify", *arguments).code == 2
