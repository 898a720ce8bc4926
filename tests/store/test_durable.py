"""Whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.store.durable import write_durably
from agentlab.store.run_folder import PARTIAL, RunFolder

_WRITER = """
import sys
from pathlib import Path
from agentlab.store.durable import write_durably
place = Path(sys.argv[1])
write_durably(place, b"0" * 500_000)
print("ready", flush=True)
number = 0
while True:
    number = (number + 1) % 10
    write_durably(place, str(number).encode() * 500_000)
"""


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / "record"
    for content in (b"first", b"second", b""):
        write_durably(place, content)
        assert place.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["record"]


@pytest.mark.parametrize("attempt", range(5))
def test_whoever_is_killed_leaves_a_whole_file(tmp_path: Path, attempt: int) -> None:
    place = tmp_path / "record"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout:
        assert writer.stdout.readline() == "ready\n"
        seen = place.read_bytes()[:1]
        while place.read_bytes()[:1] == seen:
            pass
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    content = place.read_bytes()
    assert len(content) == 500_000
    assert len(set(content)) == 1


def test_what_a_kill_left_half_written_is_swept_by_the_next_driver(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.promotions.mkdir()
    (folder.promotions / f"{PARTIAL}x").write_bytes(b"half")
    (folder.promotions / "whole.json").write_bytes(b"whole")
    with folder.locked():
        pass
    assert [path.name for path in folder.promotions.iterdir()] == ["whole.json"]


def test_where_nothing_can_be_written_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_durably(tmp_path / "nowhere/record", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder: cannot be written"):
        write_durably(tmp_path / "folder", b"x")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_durably(tmp_path / "record", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
