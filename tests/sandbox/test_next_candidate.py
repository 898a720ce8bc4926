"""A candidate cannot reach the next one, nor stay behind."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import pytest

from agentlab.core.limits import Limits
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run
from tests.sandbox.world import World

_LOOK_AROUND = """
import json, os, random, sys
def solve(goal, tools):
    places = [os.getcwd(), '/tmp', '/dev/shm', '/', '/dev', '/artefacts', '/blobs', '/proc']
    return {
        'files': {place: sorted(os.listdir(place)) for place in places},
        'modules': sorted(sys.modules),
        'path': sys.path,
        'environment': dict(os.environ),
        'json': json.dumps([1]),
        'mask': os.umask(0o22),
        'nice': os.nice(0),
        'descriptors': [fd for fd in range(64) if is_open(fd)],
        'pid': os.getpid(),
    }
def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
"""
ATTACKS = {
    "writes everywhere": """
        import os, sys
        for folder in [*sys.path, '/', '/tmp', '/dev', '/dev/shm', '/blobs', '/artefacts',
                       '/inside', '/inside/packages', '/inside/agentlab/wire']:
            for name in ('poison.py', 'json.py', 'agent.py', 'sitecustomize.py'):
                try:
                    open(os.path.join(folder, name), 'w').write('1 / 0')
                except OSError:
                    pass
    """,
    "poisons modules": """
        import builtins, json, sys
        json.dumps = lambda *a, **k: '"poisoned"'
        sys.modules['os'] = None
        sys.path.insert(0, '/tmp')
        builtins.open = None
    """,
    "leaves byte code": """
        import os, sys, py_compile
        os.mkdir('__pycache__')
        open('other.py', 'w').write('X = 1')
        py_compile.compile('other.py', cfile='/tmp/agent.pyc')
    """,
    "kills what it can name": """
        import os, signal
        for pid in range(1, 400):
            if pid != os.getpid():
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
    """,
    "stops and interrupts its init": """
        import os, signal
        for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(1, number)
    """,
    "kills everybody": "import os, signal\nos.kill(-1, signal.SIGTERM)",
    "lowers priorities": """
        import os
        os.setpriority(os.PRIO_USER, 0, 19)
    """,
    "fills its folders": """
        for n in range(100_000):
            open(f'/tmp/{n}', 'wb').write(b'0' * 65536)
    """,
    "leaves a daemon": """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    try:
                        open('/tmp/daemon', 'w').close()
                    except OSError:
                        pass
        time.sleep(0.05)
    """,
    "closes all it has": "import os\nos.closerange(0, 256)",
    "writes junk to all it has": """
        import os
        for fd in range(256):
            try:
                os.write(fd, b'{"end": 1}')
            except OSError:
                pass
    """,
    "writes into its parents": """
        import os
        for pid in range(1, 400):
            try:
                with open(f'/proc/{pid}/mem', 'r+b') as memory:
                    memory.write(b'x')
            except OSError:
                pass
    """,
    "prints without end": "while True: print('x' * 65536)",
    "dies of a fault": "import ctypes\nctypes.string_at(0)",
    "aborts": "import os\nos.abort()",
    "exits": "import os\nos._exit(0)",
}


def _solve(body: str) -> str:
    return "def solve(goal, tools):\n" + textwrap.indent(textwrap.dedent(body), "    ")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_changes_nothing_for_the_next(attack: str, isolated: Sandbox) -> None:
    before = run(isolated, _LOOK_AROUND).answer
    attacked = run(isolated, _solve(ATTACKS[attack]), limits=Limits(wall_s=5, file_mb=4))
    assert attacked.ended.broken is None
    assert run(isolated, _LOOK_AROUND).answer == before


def test_without_walls_the_next_one_finds_what_was_left(plain: Sandbox, world: World) -> None:
    left = world.outside / "left"
    run(plain, _solve(f"open({str(left)!r}, 'w').write('poison')"))
    assert run(plain, _solve(f"return open({str(left)!r}).read()")).answer == "poison"


_DAEMON = """
import os, sys
def leave(mark):
    told, telling = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', mark])
        os._exit(0)
    os.close(telling)
    os.read(told, 1)  # ends when the daemon's exec closes the pipe
def solve(goal, tools):
    leave(goal.inputs['mark'])
    return True
"""


def _alive(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if command.endswith(mark.encode() + b"\0"):
                found.append(int(entry.name))
    return found


def test_a_daemon_ends_with_its_episode(either: Sandbox) -> None:
    mark = f"left-by-{either.layers}-{os.getpid()}"
    assert run(either, _DAEMON, inputs={"mark": mark}).answer
    assert _alive(mark) == []


def test_outside_a_sandbox_the_same_daemon_stays() -> None:
    mark = f"left-outside-{os.getpid()}"
    code = f"{_DAEMON}\nleave({mark!r})"
    child = os.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", code])
    os.waitpid(child, 0)
    (daemon,) = _alive(mark)
    os.kill(daemon, 9)
