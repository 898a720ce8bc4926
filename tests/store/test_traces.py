from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.trial import TraceFrame
from agentlab.core.value import digest
from agentlab.store import traces
from agentlab.store.traces import evidence, read_frames, save_trace

KEY = digest("trial")


def frames(count: int, size: int = 10) -> list[TraceFrame]:
    return [
        TraceFrame(at_s=number / 10, sender="candidate", frame={"n": number, "text": "x" * size})
        for number in range(count)
    ]


def test_frames_and_evidence_come_back(tmp_path: Path) -> None:
    save_trace(tmp_path, KEY, frames(3), {"end.png": b"\x89PNG"})
    assert read_frames(tmp_path, KEY) == frames(3)
    (picture,) = evidence(tmp_path, KEY)
    assert (picture.name, picture.read_bytes()) == ("end.png", b"\x89PNG")


def test_a_trial_without_a_trace_has_no_frames(tmp_path: Path) -> None:
    assert read_frames(tmp_path, KEY) == []
    assert evidence(tmp_path, KEY) == []


def test_a_trace_that_is_saved_again_is_replaced_whole(tmp_path: Path) -> None:
    save_trace(tmp_path, KEY, frames(3), {"a": b"1", "b": b"2"})
    save_trace(tmp_path, KEY, frames(1), {"b": b"3"})
    assert read_frames(tmp_path, KEY) == frames(1)
    assert [file.read_bytes() for file in evidence(tmp_path, KEY)] == [b"3"]
    assert [path.name for path in tmp_path.iterdir()] == [KEY]


def test_the_same_trace_is_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        save_trace(tmp_path / folder, KEY, frames(5), {})
    one, two = (tmp_path / folder / KEY / "frames.jsonl.gz" for folder in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_long_trace_is_cut_at_its_end(tmp_path: Path) -> None:
    size = traces.MAX_TRACE_BYTES // 4
    save_trace(tmp_path, KEY, frames(9, size), {})
    assert read_frames(tmp_path, KEY) == frames(9, size)[:3]


def test_a_save_that_breaks_leaves_the_earlier_trace(tmp_path: Path) -> None:
    save_trace(tmp_path, KEY, frames(2), {})
    with pytest.raises(TypeError):
        save_trace(tmp_path, KEY, [], {"a": "no bytes"})  # type: ignore[dict-item]
    assert read_frames(tmp_path, KEY) == frames(2)


@pytest.mark.parametrize(
    "name",
    ["../../up", "/etc/passwd", "..", ".", "", ".hidden", "a/../b", "a\\..\\c", "\x00", "x" * 999],
)
def test_evidence_never_leaves_its_folder(tmp_path: Path, name: str) -> None:
    save_trace(tmp_path / "traces", KEY, frames(1), {name: b"evidence"})
    (file,) = evidence(tmp_path / "traces", KEY)
    assert file.read_bytes() == b"evidence"
    assert file.parent == tmp_path / "traces" / KEY
    assert [path.name for path in tmp_path.iterdir()] == ["traces"]


def test_evidence_cannot_replace_the_frames(tmp_path: Path) -> None:
    save_trace(tmp_path, KEY, frames(1), {"frames.jsonl.gz": b"forged"})
    assert read_frames(tmp_path, KEY) == frames(1)


@pytest.mark.parametrize("key", ["", "..", "../x", "A" * 32, "a" * 31])
def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key of a trial"):
        save_trace(tmp_path, key, [], {})
    with pytest.raises(ValueError, match="no key of a trial"):
        read_frames(tmp_path, key)
