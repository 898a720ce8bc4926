"""Folders of artefacts, addressed by content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agentlab.core.trial import Artefact
from agentlab.trials.artefacts import keep_artefact, read_artefact

FILES = {"index.json": b"[1]", "deep/part.bin": b"\0\1"}


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    artefact = keep_artefact(tmp_path, FILES)
    assert artefact.size_bytes == 5
    assert read_artefact(tmp_path, artefact) == FILES


def test_the_same_content_is_the_same_artefact_once(tmp_path: Path) -> None:
    assert keep_artefact(tmp_path, FILES) == keep_artefact(tmp_path, FILES)
    assert len(list(tmp_path.iterdir())) == 1
    assert (
        keep_artefact(tmp_path, {**FILES, "x": b""}).digest != keep_artefact(tmp_path, FILES).digest
    )


def test_the_sandbox_s_user_may_read_it_whatever_the_mask_of_this_process(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        place = tmp_path / keep_artefact(tmp_path, FILES).digest
    finally:
        os.umask(before)
    assert all(made.stat().st_mode & 0o044 == 0o044 for made in (place, *place.rglob("*")))


def test_an_artefact_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_artefact(tmp_path, Artefact(digest="0" * 32, size_bytes=0))
