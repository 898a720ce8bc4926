from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentlab.errors import InputError, UnknownReference
from agentlab.store.run_folder import RunFolder, create_run_folder, find_run, list_runs
from agentlab.store.store import RunInfo, Store

ROOT = Path(__file__).parents[2]

HOLD = (
    "import sys; from pathlib import Path; from agentlab.store.run_folder import RunFolder\n"
    "with RunFolder(Path(sys.argv[1])).locked():\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


def begun(runs: Path, name: str, at_s: int) -> RunFolder:
    folder = RunFolder(runs / name)
    folder.path.mkdir(parents=True)
    folder.experiment.write_text("name: x\n")
    os.utime(folder.experiment, (at_s, at_s))
    return folder


def holder(folder: RunFolder) -> subprocess.Popen[str]:
    """A process that holds the run until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_new_folder_is_named_after_experiment_and_time(tmp_path: Path) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    names = [create_run_folder(tmp_path / "runs", "shop", now=now).name for _ in range(3)]
    assert names == [
        "shop-20260102-030405",
        "shop-20260102-030405-2",
        "shop-20260102-030405-3",
    ]


def test_a_place_where_no_run_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(InputError, match=r"runs cannot be written there .*--runs DIR"):
        create_run_folder(tmp_path / "runs", "shop")


def test_runs_are_found_by_name_by_path_and_as_the_latest(tmp_path: Path) -> None:
    late, early = begun(tmp_path, "a-late", 200), begun(tmp_path, "b-early", 100)
    (tmp_path / "no-run").mkdir()
    (tmp_path / "file").write_text("")
    assert [run.name for run in list_runs(tmp_path)] == ["b-early", "a-late"]
    assert find_run("latest", tmp_path).path == late.path
    assert find_run("b-early", tmp_path).path == early.path
    assert find_run(str(early.path), tmp_path / "elsewhere").path == early.path


def test_the_latest_run_stays_the_latest_when_an_older_one_goes_on(tmp_path: Path) -> None:
    early, late = begun(tmp_path, "early", 100), begun(tmp_path, "late", 200)
    for folder in (late, early):
        Store.open(folder.database_url).close()
    assert find_run("latest", tmp_path).name == "late"


@pytest.mark.parametrize("reference", ["latst", "", "latest", "no-run", "file"])
def test_a_run_that_is_not_there_is_said_so(tmp_path: Path, reference: str) -> None:
    (tmp_path / "no-run").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UnknownReference, match=f"no run '{reference}'"):
        find_run(reference, tmp_path)


def test_a_misspelt_run_names_the_nearest(tmp_path: Path) -> None:
    begun(tmp_path, "shop-20260102", 1)
    with pytest.raises(UnknownReference, match="did you mean 'shop-20260102'"):
        find_run("shop-2026010", tmp_path)


def test_a_second_driver_is_told_who_holds_the_run(tmp_path: Path) -> None:
    folder = begun(tmp_path, "shop", 1)
    assert folder.owner() == ""
    process = holder(folder)
    with (
        pytest.raises(
            InputError, match=rf"in use by another driver \(pid {process.pid} on \S+ since"
        ),
        folder.locked(),
    ):
        pass
    assert folder.owner().startswith(f"pid {process.pid} on ")
    process.communicate("")
    with folder.locked():
        assert folder.owner().startswith(f"pid {os.getpid()} on ")
    assert folder.owner() == ""


def test_the_lock_of_a_killed_driver_is_taken_over(tmp_path: Path) -> None:
    folder = begun(tmp_path, "shop", 1)
    process = holder(folder)
    process.kill()
    process.communicate()
    assert (folder.path / "lock").read_text() != ""
    assert folder.owner() == ""
    with folder.locked():
        pass


def test_the_lock_is_not_inherited_by_what_the_driver_starts(tmp_path: Path) -> None:
    folder = begun(tmp_path, "shop", 1)
    with folder.locked():
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    with folder.locked():
        pass
    child.communicate(b"")


def test_what_a_killed_driver_left_half_written_is_removed(tmp_path: Path) -> None:
    folder = begun(tmp_path, "shop", 1)
    for place in (folder.path, folder.traces):
        (place / ".partial-abc" / "deep").mkdir(parents=True)
    with folder.locked():
        assert list(folder.path.rglob(".partial-*")) == []


def test_a_folder_that_cannot_be_written_is_refused_before_anything_else(tmp_path: Path) -> None:
    folder = begun(tmp_path, "shop", 1)
    (folder.path / "lock").mkdir()
    with pytest.raises(InputError, match="shop: cannot be written"), folder.locked():
        pass


def test_the_store_of_a_folder_with_an_odd_name_is_inside_it(tmp_path: Path) -> None:
    for name in ("a b", "50%", "%41", "what?mode=ro", "#1"):
        folder = begun(tmp_path, name, 1)
        store = Store.open(folder.database_url)
        store.create_run(RunInfo("r", "", "", "", {}, None))
        store.close()
        assert folder.database.is_file()
        reader = Store.open(folder.database_url, read_only=True)
        assert len(reader.runs()) == 1
        reader.close()


def test_everything_of_a_run_lies_in_its_folder(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    places = (folder.traces, folder.artefacts, folder.repository, folder.report)
    assert [place.name for place in places] == ["traces", "artefacts", "repository", "report.md"]
    assert {place.parent for place in places} == {tmp_path}
