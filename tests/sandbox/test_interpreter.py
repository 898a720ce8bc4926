"""An interpreter's needs are found by asking it; a package's by its own list of files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.sandbox.interpreter import (
    Interpreter,
    package_entries,
    top_level_modules,
    with_requirements,
)


def test_what_runs_this_needs_its_binary_and_standard_library_without_packages() -> None:
    interpreter = Interpreter.of_this_process()
    assert interpreter.binary == Path(sys.executable).resolve()
    assert (
        Path((Path.__module__ and sys.modules["os"].__file__) or "").parent in interpreter.folders
    )
    for folder in interpreter.folders:
        packages = folder / "site-packages"
        assert not packages.is_dir() or packages in interpreter.hidden


@pytest.mark.parametrize("executable", ["/nonexistent/python", "/bin/false"])
def test_what_is_no_python_is_an_input_error(executable: str) -> None:
    with pytest.raises(InputError, match=f"'{executable}' is no Python"):
        Interpreter.of(executable)


def test_a_package_is_its_folders_and_its_record() -> None:
    entries = package_entries(["numpy"])
    assert "numpy" in entries
    assert any(name.endswith(".dist-info") for name in entries)
    assert all(path.exists() for path in entries.values())
    assert not any(name in entries for name in ("pydantic", "bin", ".."))


def _install(site: Path, name: str, *files: str) -> None:
    information = site / f"{name}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("")
    rows = [*files, f"{information.name}/METADATA", f"{information.name}/RECORD"]
    (information / "RECORD").write_text("".join(f"{row},,\n" for row in rows))


def test_of_a_shared_folder_only_the_own_files_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "mine", "shared_by_two/mine.py", "own/__init__.py", "own/deep/part.py")
    _install(tmp_path, "theirs", "shared_by_two/theirs.py")
    monkeypatch.syspath_prepend(tmp_path)
    assert package_entries(["mine"]) == {
        "own": tmp_path / "own",
        "shared_by_two/mine.py": tmp_path / "shared_by_two" / "mine.py",
        "mine-1.0.dist-info": tmp_path / "mine-1.0.dist-info",
    }


def test_what_holds_our_tasks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "anyname", "agentlab/core/task.py", "agentlab/__init__.py")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="a target may not see it"):
        package_entries(["anyname"])


def test_what_is_installed_in_place_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "linked", "__editable__.linked.pth")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="installed in place"):
        package_entries(["linked"])


def test_all_packages_that_are_missing_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        package_entries(["no-such-one", "numpy", "no-such-two"])
    assert [problem.split("'")[1] for problem in caught.value.problems] == [
        "no-such-one",
        "no-such-two",
    ]


@pytest.mark.parametrize(("package", "modules"), [("numpy", ["numpy"]), ("PyYAML", ["yaml"])])
def test_the_modules_of_a_package_are_found_by_any_spelling(
    package: str, modules: list[str]
) -> None:
    assert top_level_modules([package]) == modules
    assert top_level_modules([package.lower()]) == modules


def test_what_packages_require_is_named_with_them_once_each() -> None:
    found = with_requirements(["SQLModel", "pydantic"])

    assert found[:2] == ["sqlmodel", "pydantic"]
    assert {"sqlalchemy", "pydantic-core", "typing-extensions"} <= set(found)
    assert len(found) == len(set(found))
    assert with_requirements(["no-such-one"]) == []
