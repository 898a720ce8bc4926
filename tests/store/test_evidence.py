from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import InputError
from agentlab.store import evidence
from agentlab.store.evidence import clear_evidence, save_evidence, write_evidence
from agentlab.store.run_folder import RunFolder


def test_files_come_with_which_trial_they_are_of(tmp_path: Path) -> None:
    place = tmp_path / "evidence" / "winner-worst"
    names = save_evidence(place, {"b.png": b"1", "a.gif": b"2"}, about={"task": "twö"})
    assert names == ("b.png", "a.gif")
    assert (place / "a.gif").read_bytes() == b"2"
    assert json.loads((place / "about.json").read_text()) == {"task": "twö"}
    assert [path.name for path in place.parent.iterdir()] == ["winner-worst"]


def test_earlier_evidence_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "worst"
    save_evidence(place, {"a.png": b"1", "b.png": b"2"}, about={})
    save_evidence(place, {"b.png": b"3"}, about={})
    assert sorted(path.name for path in place.iterdir()) == ["about.json", "b.png"]
    assert (place / "b.png").read_bytes() == b"3"


def test_what_is_no_evidence_is_never_removed(tmp_path: Path) -> None:
    mine = tmp_path / "worst" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years")
    save_evidence(tmp_path / "best", {}, about={})
    with pytest.raises(InputError, match="name another folder"):
        clear_evidence(tmp_path, ["best", "worst"])
    with pytest.raises(InputError, match="name another folder"):
        save_evidence(mine.parent, {"a.png": b"1"}, about={})
    assert mine.read_text() == "years"
    assert (tmp_path / "best").is_dir()


def test_who_is_killed_while_it_removes_leaves_nothing_by_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_evidence(tmp_path / "worst", {"a.png": b"1"}, about={})
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    clear_evidence(tmp_path, ["worst", "best"])
    assert not (tmp_path / "worst").exists()
    assert save_evidence(tmp_path / "worst", {"b.png": b"2"}, about={}) == ("b.png",)


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file/worst: cannot be written"):
        save_evidence(tmp_path / "file" / "worst", {"a.png": b"1"}, about={})


def test_a_link_to_evidence_elsewhere_is_not_followed(tmp_path: Path) -> None:
    save_evidence(tmp_path / "there", {"a.png": b"1"}, about={})
    (tmp_path / "worst").symlink_to(tmp_path / "there")
    with pytest.raises(InputError):
        clear_evidence(tmp_path, ["worst"])
    assert (tmp_path / "there" / "a.png").is_file()


def test_a_file_that_would_pass_the_limit_is_left_out(tmp_path: Path) -> None:
    large = bytes(evidence.MAX_EVIDENCE_BYTES)
    names = write_evidence(tmp_path, {"a": b"1", "large": large, "z": b"2"}, reserved="x")
    assert names == ("a", "z")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "z"]


def test_so_many_files_are_kept_and_no_more(tmp_path: Path) -> None:
    files = {f"{number:03}.png": b"" for number in range(evidence.MAX_EVIDENCE_FILES + 5)}
    names = write_evidence(tmp_path, files, reserved="x")
    assert names == tuple(files)[: evidence.MAX_EVIDENCE_FILES]
    assert len(list(tmp_path.iterdir())) == evidence.MAX_EVIDENCE_FILES


@pytest.mark.parametrize("name", ["about.json", "../about.json"])
def test_evidence_cannot_say_what_it_is_of(tmp_path: Path, name: str) -> None:
    save_evidence(tmp_path / "worst", {name: b"forged"}, about={"seed": 1})
    assert json.loads((tmp_path / "worst/about.json").read_text()) == {"seed": 1}


@given(name=st.text(st.characters()))
def test_any_name_becomes_a_plain_one(name: str) -> None:
    plain = evidence._plain(name, "about.json")
    assert Path(plain).name == plain != "about.json"
    assert len(plain.encode()) <= 101


def test_what_a_killed_driver_left_half_written_is_swept(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    (folder.evidence / ".partial-x").mkdir(parents=True)
    with folder.locked():
        assert list(folder.evidence.iterdir()) == []
