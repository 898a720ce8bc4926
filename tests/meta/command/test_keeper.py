"""Nothing of a command outlives its keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agentlab.meta.command.keeper import kept

# A grandchild in a session of its own, orphaned at once, that ignores being asked to end.
ESCAPE = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open(sys.argv[1] + ".partial", "w") as file:
            file.write(str(os.getpid()))
        os.rename(sys.argv[1] + ".partial", sys.argv[1])
        time.sleep(600)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""


def escaping(where: Path, then: str) -> list[str]:
    return kept([sys.executable, "-I", "-c", ESCAPE + then, str(where)])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rsplit(b")", 1)[1].split()[0] in (b"Z", b"X")
    except OSError:
        return True


def test_it_exits_as_the_command_does_and_leaves_nothing(tmp_path: Path) -> None:
    where = tmp_path / "pid"
    assert subprocess.run(escaping(where, "sys.exit(7)"), check=False).returncode == 7
    assert is_gone(int(where.read_text()))


def test_asked_to_end_it_ends_all(tmp_path: Path) -> None:
    where = tmp_path / "pid"
    with subprocess.Popen(escaping(where, "time.sleep(600)")) as keeper:
        wait_until(where.exists)
        keeper.terminate()
        assert keeper.wait(30) == 128 + signal.SIGTERM
    assert is_gone(int(where.read_text()))


def test_it_ends_all_once_whoever_started_it_is_gone(tmp_path: Path) -> None:
    where = tmp_path / "pid"
    start = (
        f"import subprocess, time; subprocess.Popen({escaping(where, 'time.sleep(600)')!r}).wait()"
    )
    with subprocess.Popen([sys.executable, "-c", start]) as starter:
        wait_until(where.exists)
        os.kill(starter.pid, signal.SIGKILL)
        starter.wait()
    wait_until(lambda: is_gone(int(where.read_text())))


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = subprocess.run(kept(["/no/such"]), capture_output=True, text=True, check=False)
    assert ended.returncode == 127
    assert ended.stderr == "/no/such: No such file or directory\n"


def test_a_signal_is_told_as_a_shell_would() -> None:
    words = kept([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert subprocess.run(words, check=False).returncode == 137
