"""Arrays and corpora become files named by their content, whole or not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from agentlab.core.goal import Blob
from agentlab.errors import InputError
from agentlab.retrieval.blobs import array_blob, rows_blob


def test_an_array_is_read_back_as_it_is(tmp_path: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    blob = array_blob(array, tmp_path / "new")
    read = np.load(blob.path, mmap_mode="r")

    assert (read == array).all()
    assert read.dtype == np.float32
    assert Blob.of(blob.path) == blob
    assert blob.path.name == blob.sha256


def test_rows_are_a_line_each(tmp_path: Path) -> None:
    rows = [{"id": "d1", "text": "ä\u2028\n"}, {"id": "d2", "params": {"b": "", "a": ""}}]
    lines = rows_blob(rows, tmp_path).path.read_bytes().decode().split("\n")  # type: ignore[arg-type]

    assert [json.loads(line) for line in lines[:-1]] == rows
    assert lines[-1] == ""


def test_the_same_content_is_one_file_and_a_damaged_one_is_written_again(tmp_path: Path) -> None:
    first = rows_blob([{"id": "d1"}], tmp_path)
    before = first.path.stat().st_mtime_ns
    assert rows_blob([{"id": "d1"}], tmp_path).path.stat().st_mtime_ns == before
    first.path.write_bytes(b"{")
    again = rows_blob([{"id": "d1"}], tmp_path)

    assert hashlib.sha256(again.path.read_bytes()).hexdigest() == first.sha256
    assert [path.name for path in tmp_path.iterdir()] == [first.sha256]


def test_without_a_folder_it_lies_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert rows_blob([]).path.parent == tmp_path / "agentlab" / "blobs"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        rows_blob([], tmp_path / "file")
