"""A sandbox is there for many thousand episodes, whatever happens to its zygote."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.core.limits import Limits
from agentlab.sandbox import zygote_sandbox
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.inside.processes import descendants
from agentlab.sandbox.plain import open_plain
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run, start_frame

_ANSWER = "def solve(goal, tools): return 1"
_LEAVE_A_CHILD = """
import os, signal
def solve(goal, tools):
    child = os.fork()
    if child == 0:
        signal.pause()
    return child
"""
_HANG = "import signal\ndef solve(goal, tools): signal.pause()"


@pytest.fixture(params=["bubblewrap", "plain"])
def own(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox that nobody else uses."""
    if request.param == "bubblewrap" and not probe().is_isolated:
        pytest.skip("no walls here")
    sandbox: Sandbox = open_bubblewrap() if request.param == "bubblewrap" else open_plain()
    yield sandbox
    sandbox.close()


def _held() -> tuple[int, int]:
    return len(list(Path("/proc/self/fd").iterdir())), len(Path("/proc/self/mountinfo").read_text())


def test_many_episodes_leave_nothing_behind(own: Sandbox) -> None:
    processes, held = len(descendants(os.getpid())), _held()
    for _ in range(100):
        assert run(own, _ANSWER).answer == 1
    assert _held() == held
    # Warden, init and candidate of the next episode may be waiting.
    assert len(descendants(os.getpid())) <= processes + 3


@pytest.mark.skipif(not probe().is_isolated, reason="no walls here")
def test_closing_ends_every_process_and_removes_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before, held = set(descendants(os.getpid())), _held()
    for sandbox in (open_bubblewrap(), open_plain()):
        process = sandbox.start(Limits())
        sandbox.close()
        assert process.end() == process.end()
    assert set(descendants(os.getpid())) == before
    assert _held() == held
    assert list(tmp_path.iterdir()) == []


def test_closing_twice_closes_once(own: Sandbox) -> None:
    own.close()
    own.close()


def test_a_zygote_that_died_is_replaced(own: Sandbox) -> None:
    _kill_zygote(own)
    assert run(own, _ANSWER).answer == 1


def test_a_zygote_that_dies_under_an_episode_is_our_failure(own: Sandbox) -> None:
    process = own.start(Limits())
    _kill_zygote(own)
    assert "the zygote was lost" in (process.end().broken or "")
    assert run(own, _ANSWER).answer == 1


def test_a_zygote_that_hangs_is_replaced(own: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote_sandbox, "_ANSWER_S", 0.5)
    _kill_zygote(own)
    process = own.start(Limits())
    for pid in _family(own):
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    assert "the zygote was lost" in (process.end().broken or "")
    assert time.monotonic() - began < 10
    assert run(own, _ANSWER).answer == 1


def _family(sandbox: Sandbox) -> list[int]:
    root = sandbox._zygote.pid  # type: ignore[attr-defined]
    return [root, *descendants(root)]


def _kill_zygote(sandbox: Sandbox) -> None:
    ends = [os.pidfd_open(pid) for pid in _family(sandbox)]
    for end in ends:
        # Where one goes the others may have followed before their turn.
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(end, signal.SIGKILL)
    for end in ends:
        select.select([end], [], [])
        os.close(end)


def test_starting_anew_ends_what_still_runs(own: Sandbox) -> None:
    first = own.start(Limits())
    assert run(own, _ANSWER).answer == 1
    assert first.end().exit


def test_an_episode_gets_its_own_limits_and_not_the_last_ones(isolated: Sandbox) -> None:
    source = "import os\ndef solve(goal, tools): return os.statvfs('.').f_blocks"
    sizes = [run(isolated, source, limits=Limits(file_mb=mb)).answer for mb in (1, 1, 2, 1)]
    assert sizes == [sizes[0], sizes[0], 2 * sizes[0], sizes[0]]


def test_behind_walls_who_is_dismissed_ends_by_itself(isolated: Sandbox) -> None:
    process = isolated.start(Limits())
    process.channel.send(start_frame(_HANG))
    process.dismiss()
    assert process.channel.receive(time.monotonic() + 5) is None, "it hung up"
    assert process.end().exit == "signal 9"


def test_without_walls_what_is_dismissed_leaves_is_gone_at_once(plain: Sandbox) -> None:
    process = plain.start(Limits())
    process.channel.send(start_frame(_LEAVE_A_CHILD))
    answer = process.channel.receive(time.monotonic() + 20)
    assert answer is not None
    child = Path("/proc") / str(answer["answer"])
    assert child.exists(), "the test has teeth"
    process.dismiss()
    assert not child.exists()


def test_a_zygote_that_died_cannot_dismiss_and_is_told_at_the_end(own: Sandbox) -> None:
    process = own.start(Limits())
    _kill_zygote(own)
    process.dismiss()
    assert "the zygote was lost" in (process.end().broken or "")


def test_ending_twice_tells_the_same(own: Sandbox) -> None:
    process = own.start(Limits())
    assert process.end() == process.end()


def test_an_artefact_that_is_not_there_is_our_failure(isolated: Sandbox) -> None:
    told = run(isolated, _ANSWER, artefact="c" * 32)
    assert "mount /artefact" in (told.ended.broken or "")


@pytest.mark.parametrize(
    ("body", "exit_"),
    [
        ("os._exit(0)", "exit 0"),
        ("os._exit(3)", "exit 3"),
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("os.kill(os.getpid(), 11)", "signal 11"),
    ],
)
def test_the_end_is_told_as_it_was(body: str, exit_: str, either: Sandbox) -> None:
    told = run(either, f"import os\ndef solve(goal, tools): {body}")
    assert told.last == {}
    assert told.ended.exit == exit_


def test_what_was_printed_before_a_kill_is_kept(either: Sandbox) -> None:
    told = run(
        either, "import os\ndef solve(goal, tools):\n print('seen')\n os.kill(os.getpid(), 9)"
    )
    assert told.ended.printed == "seen\n"


def test_the_worlds_own_environment_does_not_enter(either: Sandbox) -> None:
    told = run(either, "import os\ndef solve(goal, tools): return dict(os.environ)")
    assert set(told.answer) <= {
        "PATH", "LANG", "LC_CTYPE", "PWD", "PYTHONHASHSEED", "HOME", "TMPDIR", "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    }  # fmt: skip


def test_no_candidate_is_root(either: Sandbox) -> None:
    told = run(
        either, "import os\ndef solve(goal, tools): return [*os.getresuid(), *os.getresgid()]"
    )
    assert 0 not in told.answer


_DRIVER = """
import os, sys, time
from agentlab.sandbox.{layer} import open_{layer}
from agentlab.sandbox.inside.processes import descendants
from tests.sandbox.candidates import LIMITS, start_frame
sandbox = open_{layer}()
process = sandbox.start(LIMITS)
process.channel.send(start_frame({source!r}))
process.channel.receive(time.monotonic() + 20)
print(*descendants(os.getpid()), flush=True)
time.sleep(60)
"""
_STAYS = """
import os, signal, threading
def solve(goal, tools):
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            signal.pause()
    threading.Thread(target=tools.ready, daemon=True).start()
    signal.pause()
"""


@pytest.mark.parametrize("layer", ["bubblewrap", "plain"])
def test_nothing_outlives_a_driver_that_is_killed(layer: str) -> None:
    if layer == "bubblewrap" and not probe().is_isolated:
        pytest.skip("no walls here")
    code = _DRIVER.format(layer=layer, source=_STAYS)
    driver = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    ends = [os.pidfd_open(int(pid)) for pid in driver.stdout.readline().split()]
    assert len(ends) >= 4
    driver.kill()
    driver.wait()
    driver.stdout.close()
    for end in ends:
        assert select.select([end], [], [], 10)[0], "a process outlived its driver"
        os.close(end)
