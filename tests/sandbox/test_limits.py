"""Each limit ends its episode with its word, in every layer, and spares what stays within."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import pytest

from agentlab.core.limits import Limits
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import Told, run

_LIMITS = Limits(
    wall_s=20, cpu_s=0.6, mem_mb=96, processes=8, file_mb=2, artefact_mb=4, output_kb=128
)


class Runaway(NamedTuple):
    name: str
    limit: str
    body: str


RUNAWAYS = [
    Runaway(
        "memory bit by bit", "memory", "hoard = []\nwhile True: hoard.append(b'x' * (1 << 20))"
    ),
    Runaway("memory at once", "memory", "bytearray(10 << 30)"),
    Runaway(
        "memory of children",
        "memory",
        """
        import os, signal
        for _ in range(6):
            if os.fork() == 0:
                hoard = b'x' * (40 << 20)
                signal.pause()
        signal.pause()
        """,
    ),
    Runaway("a busy loop", "cpu", "while True: pass"),
    Runaway(
        "busy children, one after another",
        "cpu",
        """
        import os, time
        while True:
            child = os.fork()
            if child == 0:
                end = time.process_time() + 0.1
                while time.process_time() < end: pass
                os._exit(0)
            os.waitpid(child, 0)
        """,
    ),
    Runaway(
        "children",
        "processes",
        """
        import os, signal
        try:
            for _ in range(200):
                if os.fork() == 0: signal.pause()
        except OSError:
            pass
        signal.pause()
        """,
    ),
    Runaway(
        "a fork bomb",
        "processes",
        """
        import os, signal, time
        while True:
            try: os.fork()
            except OSError: time.sleep(0.01)
        """,
    ),
    Runaway(
        "threads",
        "processes",
        """
        import threading, signal
        for _ in range(20): threading.Thread(target=signal.pause, daemon=True).start()
        signal.pause()
        """,
    ),
    Runaway(
        "a large file",
        "file size",
        "file = open('big', 'wb')\nwhile True: file.write(b'0' * 65536)",
    ),
    Runaway("printing", "output", "while True: print('x' * 4096)"),
    Runaway("printing raw", "output", "import os\nwhile True: os.write(2, b'x' * 4096)"),
]
_PRIVATE_FOLDER_RUNAWAYS = [
    Runaway(
        "many files",
        "file size",
        "n = 0\nwhile True:\n    open(str(n), 'wb').write(b'0' * 65536)\n    n += 1",
    ),
    Runaway("many empty files", "file size", "n = 0\nwhile True: open(f'/tmp/{n}', 'w'); n += 1"),
    Runaway(
        "shared memory",
        "file size",
        "n = 0\nwhile True:\n    open(f'/dev/shm/{n}', 'wb').write(b'0' * 65536)\n    n += 1",
    ),
]


def _solve(body: str) -> str:
    return "def solve(goal, tools):\n" + textwrap.indent(textwrap.dedent(body), "    ")


def _limit_of(told: Told) -> str | None:
    crash = told.last.get("crash", {})
    return told.ended.limit or crash.get("limit")


@pytest.mark.parametrize("runaway", RUNAWAYS, ids=lambda runaway: runaway.name)
def test_a_runaway_ends_with_its_word(runaway: Runaway, either: Sandbox) -> None:
    told = run(either, _solve(runaway.body), limits=_LIMITS)
    assert _limit_of(told) == runaway.limit, told


@pytest.mark.parametrize("runaway", _PRIVATE_FOLDER_RUNAWAYS, ids=lambda runaway: runaway.name)
def test_the_private_folder_is_bounded_as_a_whole(runaway: Runaway, isolated: Sandbox) -> None:
    told = run(isolated, _solve(runaway.body), limits=_LIMITS)
    assert _limit_of(told) == runaway.limit, told


def test_what_stays_within_all_limits_passes(either: Sandbox) -> None:
    told = run(
        either,
        _solve(
            """
            import threading
            hoard = b'x' * (40 << 20)
            open('file', 'wb').write(b'0' * (1 << 20))
            print('y' * 1000)
            threads = [threading.Thread(target=sum, args=(range(100_000),)) for _ in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return len(hoard)
            """
        ),
        limits=_LIMITS,
    )
    assert told.answer == 40 << 20
    assert told.ended.limit is None
    assert told.ended.peak_mb > 40
    assert 0 < told.ended.cpu_s < 0.6
    assert told.ended.printed == "y" * 1000 + "\n"


def test_a_preparation_has_room_for_its_artefact(either: Sandbox) -> None:
    source = "def prepare(goal, tools): (tools.artefact / 'index').write_bytes(b'i' * (3 << 20))"
    told = run(either, source, limits=_LIMITS, mode="prepare")
    assert told.artefact == {"index": b"i" * (3 << 20)}


def test_an_artefact_that_is_too_large_ends_with_its_word(either: Sandbox) -> None:
    source = "def prepare(goal, tools): (tools.artefact / 'index').write_bytes(b'i' * (5 << 20))"
    told = run(either, source, limits=_LIMITS, mode="prepare")
    assert _limit_of(told) == "file size"


def test_a_hang_ends_at_the_deadline(either: Sandbox) -> None:
    told = run(either, _solve("import signal\nsignal.pause()"), limits=Limits(wall_s=0.3))
    assert told.last == {"wire": "TimeoutError"}
    assert told.ended.exit == "signal 9"


def test_a_frame_that_is_too_large_is_refused(either: Sandbox) -> None:
    told = run(either, _solve("return 'x' * (1 << 20)"), limits=_LIMITS)
    assert told.last == {"wire": "FrameTooLarge"}
