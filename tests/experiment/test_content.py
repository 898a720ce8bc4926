"""The same content is the same experiment, and any change is another."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agentlab.errors import InputError, UnknownReference
from agentlab.experiment.content import Content, content_of, file_hashes
from agentlab.experiment.load import load_experiment
from tests.experiment.noisy_run import noisy_experiment

EXPERIMENT = """\
name: own
environment: {reference: ./world, options: {data: DATA, name: data}}
target: ./agent
meta: [{kind: ideas, folder: ./ideas}, mutation]
budget: {candidates: 1}
"""


def write_project(folder: Path) -> Path:
    for name in ("world/sites", "agent", "ideas", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "world/environment.py").write_text("ENVIRONMENT = None\n")
    (folder / "world/sites/page.html").write_text("<p>")
    (folder / "agent/agent.py").write_text("def solve(goal, tools): ...\n")
    (folder / "ideas/one.md").write_text("an idea")
    (folder / "data/rows.csv").write_text("1,2\n")
    file = folder / "own.yaml"
    file.write_text(EXPERIMENT.replace("DATA", str(folder / "data")))
    return file


def content(file: Path) -> Content:
    return content_of(load_experiment(file))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_project(tmp_path / "one")


def test_another_checkout_of_the_same_is_the_same(file: Path, tmp_path: Path) -> None:
    other = write_project(tmp_path / "two")
    assert content(other) == content(file)
    assert str(tmp_path) not in str(content(file).settings)
    assert set(content(file).folders) == {
        "target.path",
        "environment.reference",
        "environment.options.data",
        "meta.0.folder",
    }


def edit(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


@pytest.mark.parametrize(
    "change",
    [
        edit("agent/agent.py", "def solve(goal, tools): ... # other\n"),
        edit("agent/other.py", ""),
        edit("world/environment.py", "ENVIRONMENT = 1\n"),
        edit("world/sites/page.html", "<b>"),
        edit("world/.hidden", "read at run time"),
        edit("ideas/one.md", "another idea"),
        edit("data/rows.csv", "1,3\n"),
        lambda folder: (folder / "data/rows.csv").rename(folder / "data/rows2.csv"),
        lambda folder: (folder / "world/sites/page.html").unlink(),
    ],
)
def test_any_change_in_a_folder_is_another_content(
    file: Path, change: Callable[[Path], object]
) -> None:
    before = content(file)
    change(file.parent)
    assert content(file).sha256 != before.sha256


def test_any_setting_counts_and_how_the_file_is_laid_out_does_not(file: Path) -> None:
    before = content(file)
    file.write_text(f"# a comment\n{file.read_text()}\nseed: 1\n")
    assert content(file) == before, "1 is the default"
    file.write_text(file.read_text().replace("seed: 1", "seed: 2"))
    assert content(file).sha256 != before.sha256


def test_caches_do_not_count(file: Path) -> None:
    before = content(file)
    (file.parent / "world/__pycache__").mkdir()
    (file.parent / "world/__pycache__/environment.pyc").write_bytes(b"x")
    assert content(file) == before


def test_a_link_to_a_folder_is_refused(file: Path) -> None:
    (file.parent / "world/sites/more").symlink_to(file.parent / "data")
    with pytest.raises(InputError, match="more: is a link to a folder"):
        content(file)


def test_a_module_is_hashed_by_its_file_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "worldly"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n")
    (package / "inner.py").write_text("raise SystemExit\n")
    monkeypatch.syspath_prepend(tmp_path)

    def hashed(reference: str) -> str:
        found = content_of(noisy_experiment(environment=reference))
        return found.folders["environment.reference"]

    whole, module = hashed("worldly:World"), hashed("worldly.inner:World")
    (package / "inner.py").write_text("raise SystemExit(1)\n")
    assert hashed("worldly:World") != whole
    assert hashed("worldly.inner:World") != module
    assert "worldly" not in sys.modules
    with pytest.raises(UnknownReference, match=r"no module 'worldly\.nothing'"):
        hashed("worldly.nothing:World")


def test_a_folder_that_went_away_is_an_error(file: Path) -> None:
    experiment = load_experiment(file)
    shutil.rmtree(file.parent / "ideas")
    with pytest.raises(InputError, match="ideas"):
        content_of(experiment)


def test_files_are_named_by_their_whole_sha256() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert file_hashes({"b": b"", "a": b""}) == {"a": empty, "b": empty}
