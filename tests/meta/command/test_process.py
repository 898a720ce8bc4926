"""Foreign commands with a deadline."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from agentlab.meta.command.process import Ended, run_command


def run(
    source: str, folder: Path, *, wall_s: float = 30, stop: threading.Event | None = None
) -> Ended:
    return run_command(
        [sys.executable, "-I", "-c", source],
        folder=folder,
        variables={"WORD": "given"},
        wall_s=wall_s,
        stop=stop or threading.Event(),
    )


def test_it_runs_in_its_folder_with_its_variables_alone(tmp_path: Path) -> None:
    source = "import os, sys; print(os.getcwd(), sorted(os.environ), sys.stdin.read()); sys.exit(7)"
    ended = run(source, tmp_path)
    assert ended.code == 7
    assert ended.said.startswith(f"{tmp_path} ")
    assert "'WORD'" in ended.said
    assert "HOME" not in ended.said


def test_what_is_said_on_both_streams_is_heard(tmp_path: Path) -> None:
    ended = run("import sys; sys.stderr.write('err'); sys.stdout.write('out')", tmp_path)
    assert sorted((ended.said[:3], ended.said[3:])) == ["err", "out"]


def test_a_flood_costs_no_memory(tmp_path: Path) -> None:
    ended = run(
        "import sys\nfor _ in range(50): sys.stdout.write('x' * (1 << 20))\nprint('end')", tmp_path
    )
    assert ended.code == 0
    assert len(ended.said) < 70_000
    assert ended.said.endswith("end\n")
    assert f"[{50 * (1 << 20) + 4 - 64 * 1024} bytes left out]" in ended.said


def test_one_that_hangs_is_ended_at_its_deadline(tmp_path: Path) -> None:
    ended = run("print('begun', flush=True)\nimport time\ntime.sleep(600)", tmp_path, wall_s=2)
    assert ended.code is None
    assert ended.said == "begun\n"
    assert ended.wall_s < 20


def test_one_that_closes_its_output_is_waited_for_all_the_same(tmp_path: Path) -> None:
    source = "import os, time; os.close(1); os.close(2); time.sleep(600)"
    assert run(source, tmp_path, wall_s=2).code is None


def test_one_that_refuses_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentlab.meta.command.process._GRACE_S", 0.2)
    source = "import signal, time; signal.signal(15, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    assert run(source, tmp_path, wall_s=1).code is None


def test_whoever_started_it_may_stop_it(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        run("import time; time.sleep(600)", tmp_path, stop=stop)


def test_what_cannot_be_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_command(
            ["/no/such/program"], folder=tmp_path, variables={}, wall_s=1, stop=threading.Event()
        )
