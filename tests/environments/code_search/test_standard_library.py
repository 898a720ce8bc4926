"""The interpreter's library as a collection: made once, kept, and telling nothing by its ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.environments.code_search.conftest import part

library = part("standard_library")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of its own: two functions that say the same, one hidden name, one broken file."""
    files = {
        "paper.py": 'def fold(x):\n    """Fold a sheet of paper."""\n    return x // 2\n',
        "sheets/__init__.py": 'def half(x):\n    """fold a sheet of PAPER"""\n    return x / 2\n',
        "sheets/cutting.py": 'def cut(x):\n    """Cut a sheet into strips."""\n    return [x]\n',
        "broken.py": "def (",
        "test/test_paper.py": 'def t():\n    """Test that paper is folded."""\n    return 1\n',
    }
    for name, text in files.items():
        (tmp_path / "lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lib" / name).write_text(text)
    monkeypatch.setattr(library, "library_folder", lambda: tmp_path / "lib")
    return tmp_path


def test_what_says_the_same_comes_once_and_tests_not_at_all(folder: Path) -> None:
    found = library.library_collection(has_names=True, cache=folder / "cache")

    assert [(each.name, each.group, each.text) for each in found.documents] == [
        ("fold", "paper", "def fold(x):\n    return x // 2"),
        ("cut", "sheets.cutting", "def cut(x):\n    return [x]"),
    ]
    assert [each.text for each in found.queries] == [
        "Fold a sheet of paper.",
        "Cut a sheet into strips.",
    ]
    assert [found.gold_documents(each)[0].name for each in found.queries] == ["fold", "cut"]


def test_hidden_names_stand_nowhere(folder: Path) -> None:
    found = library.library_collection(has_names=False, cache=folder / "cache")

    assert [each.name for each in found.documents] == ["", ""]
    assert all("fold" not in each.text and "cut" not in each.text for each in found.documents)


def test_it_is_made_once_and_again_where_a_file_has_changed(folder: Path) -> None:
    first = library.library_collection(has_names=True, cache=folder / "cache")
    again = library.library_collection(has_names=True, cache=folder / "cache")
    (folder / "lib/more.py").write_text('def d():\n    """Draw a line on it."""\n    return 1\n')

    changed = library.library_collection(has_names=True, cache=folder / "cache")

    assert again.fingerprint == first.fingerprint != changed.fingerprint
    assert len(changed.documents) == 3
    assert len(list((folder / "cache").iterdir())) == 2
