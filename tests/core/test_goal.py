from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from agentlab.core.goal import Blob, Goal


def test_a_blob_is_addressed_by_its_content(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    corpus.write_bytes(b"many lines\n" * 1000)

    blob = Blob.of(corpus)

    assert blob.sha256 == hashlib.sha256(corpus.read_bytes()).hexdigest()
    assert blob.path == corpus.resolve()


def test_a_goal_carries_a_blob_by_name_and_not_by_path(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    corpus.write_bytes(b"x")
    blob = Blob.of(corpus)

    goal = Goal(instruction="search", inputs={"corpus": blob.reference})

    assert goal.inputs["corpus"] == {"$blob": blob.sha256}
    assert str(tmp_path) not in goal.model_dump_json()


def test_a_missing_file_is_no_blob(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Blob.of(tmp_path / "nothing")
