"""What can be made again lies in the user's cache folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.cache_folder import cache_folder


def test_it_is_where_the_desktop_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert cache_folder("vectors") == tmp_path / "agentlab" / "vectors"
    assert cache_folder("vectors").is_dir()


def test_by_default_it_is_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cache_folder("vectors") == tmp_path / ".cache" / "agentlab" / "vectors"


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(InputError, match="set XDG_CACHE_HOME"):
        cache_folder("vectors")
