"""A ranker becomes a folder that programs without agentlab import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.package import Package, write_package
from tests.retrieval.ranked import RANKER, small_world


def package(tmp_path: Path, **more: object) -> Package:
    given = {"files": RANKER, "artefact": {}, "packages": (), "title": "found"} | more
    return write_package(tmp_path / "my_search", small_world(tmp_path), **given)  # type: ignore[arg-type]


def python(folder: Path, *arguments: str) -> str:
    """Runs Python where the package lies; ours is not on the path of a folder elsewhere."""
    said = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout


def test_it_is_imported_and_ranks(tmp_path: Path) -> None:
    package(tmp_path)

    said = python(
        tmp_path,
        "-c",
        "import sys, my_search; print(my_search.rank('please fold a page now', 2)[0]);"
        "print([name for name in sys.modules if name.startswith('agentlab')])",
    )

    assert said == "d15\n[]\n"


def test_it_is_a_command(tmp_path: Path) -> None:
    package(tmp_path)

    assert python(tmp_path, "-m", "my_search", "fold a page", "-k", "1") == "d15\tfold_a_page\n"


def test_it_says_what_it_needs_and_how_large_it_is(tmp_path: Path) -> None:
    made = package(tmp_path, packages=("bm25s",))

    needed = (made.folder / "requirements.txt").read_text()
    assert [line.partition("==")[0] for line in needed.splitlines()] == ["bm25s", "numpy"]
    assert 0 < made.size_mb < 1


def test_what_prepare_made_is_inside(tmp_path: Path) -> None:
    made = package(tmp_path, artefact={"small/weights.json": b"[1]"})

    said = python(tmp_path, "-c", "import my_search; print(my_search.searcher()._ranker.prepared)")
    assert said == "{'weights': [1]}\n"
    assert made.folder.is_dir()


@pytest.mark.parametrize("name", ["my-search", "1st"])
def test_a_name_that_cannot_be_imported_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be imported"):
        write_package(
            tmp_path / name,
            small_world(tmp_path),
            files=RANKER,
            artefact={},
            packages=(),
            title="found",
        )


def test_what_is_there_stays(tmp_path: Path) -> None:
    package(tmp_path)

    with pytest.raises(InputError, match="is there already"):
        package(tmp_path)


def test_a_target_of_another_shape_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no ranker\.py"):
        package(tmp_path, files={"agent.py": b""})
    assert not (tmp_path / "my_search").exists()
    assert not list(tmp_path.glob(".partial-*"))


def test_an_embedder_that_cannot_come_along_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'hash' cannot be packaged"):
        write_package(
            tmp_path / "found",
            small_world(tmp_path, embedder="hash"),
            files=RANKER,
            artefact={},
            packages=(),
            title="found",
        )
