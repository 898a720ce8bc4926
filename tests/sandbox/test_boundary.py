"""Each promise of the trust boundary, in three parts.

The walls stop the attack; the same attack succeeds without walls, so that the test has teeth; and
honest work of the same kind passes behind the walls. An attack returns what it got.
"""

from __future__ import annotations

import errno
import textwrap
from typing import NamedTuple

import pytest

from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run
from tests.sandbox.world import World, nobody_starts_python


class Promise(NamedTuple):
    name: str
    attack: str
    """Body of `solve(goal, tools)` with the world's places in `w`; a true value is a success."""

    honest: str
    """What a candidate must be able to do instead."""

    starts_python: bool = False
    """Whether the honest work starts a Python of its own."""


_SYSCALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
"""
_OWN_FILE = "open('own.txt', 'w').write('x'); return open('own.txt').read() == 'x'"
_SOCKET_PAIR = """
import socket
left, right = socket.socketpair()
left.sendall(b'x')
return right.recv(1) == b'x'
"""
_CHILD = """
import subprocess, sys
done = subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True)
return done.stdout == b'42\\n'
"""
_THREADS = """
from concurrent.futures import ThreadPoolExecutor
return list(ThreadPoolExecutor(4).map(abs, [-1, -2])) == [1, 2]
"""
_POOL = """
import multiprocessing
with multiprocessing.get_context('fork').Pool(2) as pool:
    return pool.map(abs, [-1, -2]) == [1, 2]
"""

PROMISES = [
    Promise("labels cannot be read", "return w['secret'] in open(w['labels']).read()", _OWN_FILE),
    Promise("the store cannot be read", "return w['secret'] in open(w['store']).read()", _OWN_FILE),
    Promise("the store cannot be written", "return open(w['store'], 'a').write(' ')", _OWN_FILE),
    Promise(
        "our source cannot be read",
        "return 'def probe' in open(w['oracle']).read()",
        "import sqlite3, ssl, hashlib, decimal, lzma\nreturn ssl.OPENSSL_VERSION != ''",
    ),
    Promise(
        "installed packages cannot be imported",
        "import sys\nsys.path.append(w['site_packages'])\nimport pytest\nreturn pytest.__version__",
        "import email, html, json, unittest\nreturn True",
    ),
    Promise(
        "another candidate's artefact cannot be read",
        """
        import os
        for root in (w['artefacts'], '/artefacts'):
            if os.path.isdir(os.path.join(root, w['others'])):
                return open(os.path.join(root, w['others'], 'index')).read()
        """,
        "return w['secret'] in (tools.artefact / 'index').read_text()",
    ),
    Promise(
        "no file can be made outside",
        "import os\nfile = os.path.join(w['outside'], 'x')\nopen(file, 'w').close()\nreturn True",
        "import tempfile\nwith tempfile.TemporaryFile() as f: return f.write(b'x')",
    ),
    Promise(
        "nothing that others import can be made",
        """
        import os, sys
        for folder in [*sys.path, '/', '/dev', '/blobs', '/inside', '/usr/lib', w['outside']]:
            try:
                open(os.path.join(folder, 'poison.py'), 'w').close()
            except OSError:
                continue
            if folder != os.getcwd():
                os.remove(os.path.join(folder, 'poison.py'))
                return folder
        """,
        _OWN_FILE,
    ),
    Promise(
        "TCP is closed",
        """
        import socket
        s = socket.create_connection(('127.0.0.1', w['tcp']), 5)
        return s.recv(9).decode()
        """,
        _SOCKET_PAIR,
    ),
    Promise(
        "UDP is closed",
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(5)
        s.sendto(b'x', ('127.0.0.1', w['udp']))
        return s.recv(9).decode()
        """,
        "import asyncio\nreturn asyncio.run(asyncio.sleep(0, 'slept')) == 'slept'",
    ),
    Promise(
        "a unix socket by its path is closed",
        """
        import socket
        s = socket.socket(socket.AF_UNIX)
        s.connect(w['unix'])
        return s.recv(9).decode()
        """,
        _SOCKET_PAIR,
    ),
    Promise(
        "an abstract unix socket is closed",
        """
        import socket
        s = socket.socket(socket.AF_UNIX)
        s.connect('\\0' + w['abstract'])
        return s.recv(9).decode()
        """,
        _SOCKET_PAIR,
    ),
    Promise(
        "other processes cannot be seen",
        "import os\nreturn str(w['victim']) in os.listdir('/proc')",
        _CHILD,
        starts_python=True,
    ),
    Promise(
        "other processes cannot be signalled",
        "import os\nos.kill(w['victim'], 0)\nreturn True",
        """
        import os, signal
        child = os.fork()
        if child == 0:
            signal.pause()
        os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
        """,
    ),
    Promise(
        "other processes' environment cannot be read",
        "return w['secret'] in open(f\"/proc/{w['victim']}/environ\").read()",
        """
        import os
        os.environ['A'] = 'x'
        return os.getenv('A') == 'x' and 'API_KEY' not in os.environ
        """,
    ),
    Promise(
        "no process can be traced",
        _SYSCALL
        + """
child = os.fork()
if child == 0:
    os._exit(0 if libc.ptrace(0, 0, 0, 0) == 0 else 1)
return os.waitpid(child, 0)[1] == 0
""",
        _CHILD,
        starts_python=True,
    ),
    Promise(
        "other memory cannot be read",
        _SYSCALL
        + """
import signal
libc.prctl(4, 1, 0, 0, 0)
secret = ctypes.create_string_buffer(b'secret')
child = os.fork()
if child == 0:
    signal.pause()
taken = ctypes.create_string_buffer(7)
class Span(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
here, there = Span(ctypes.addressof(taken), 6), Span(ctypes.addressof(secret), 6)
got = libc.process_vm_readv(child, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
os.kill(child, signal.SIGKILL)
return got == 6 and taken.value == b'secret'
""",
        _POOL,
    ),
    Promise(
        "no user namespace can be made",
        _SYSCALL + "return libc.unshare(0x10000000) == 0",
        _THREADS,
    ),
    Promise(
        "no namespace can be made by clone",
        _SYSCALL
        + """
number = {'x86_64': 56, 'aarch64': 220}[os.uname().machine]
child = libc.syscall(number, 0x10000000 | 17, 0, 0, 0, 0)
if child == 0:
    os._exit(0)
return child > 0
""",
        _POOL,
    ),
    Promise(
        "nothing can be mounted",
        _SYSCALL
        + """
os.mkdir('m')
libc.unshare(0x10000000 | 0x00020000)
return libc.mount(b'none', os.path.abspath('m').encode(), b'tmpfs', 0, None) == 0
""",
        "import os\nos.mkdir('m')\nreturn os.listdir('m') == []",
    ),
    Promise(
        "memory cannot be held where nothing counts it",
        "import os\nreturn os.memfd_create('hidden') > 0",
        """
        import mmap
        memory = mmap.mmap(-1, 1 << 20)
        memory[:2] = b'xy'
        return memory[:2] == b'xy'
        """,
    ),
    Promise(
        "shared memory cannot outlive its process",
        _SYSCALL + "return libc.shmget(0, 4096, 0o1600) >= 0",
        """
        from multiprocessing.shared_memory import SharedMemory
        block = SharedMemory(create=True, size=64)
        block.buf[0] = 7
        other = SharedMemory(block.name)
        seen = other.buf[0]
        block.unlink()
        return seen == 7
        """,
        starts_python=True,
    ),
]

each_promise = pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)


def _solve(body: str) -> str:
    lines = textwrap.indent(textwrap.dedent(body), "    ")
    return f"def solve(goal, tools):\n    w = goal.inputs\n{lines}\n"


@each_promise
def test_the_walls_stop_it(promise: Promise, isolated: Sandbox, world: World) -> None:
    told = run(isolated, _solve(promise.attack), inputs=world.inputs, artefact=world.mine)
    assert told.ended.broken is None
    assert not told.last.get("answer"), told.last


@each_promise
def test_without_walls_it_succeeds(promise: Promise, plain: Sandbox, world: World) -> None:
    told = run(plain, _solve(promise.attack), inputs=world.inputs, artefact=world.mine)
    assert told.answer


@each_promise
def test_honest_work_of_that_kind_passes(promise: Promise, either: Sandbox, world: World) -> None:
    if promise.starts_python and not either.is_isolated and not nobody_starts_python():
        pytest.skip("without walls a candidate that is nobody cannot start root's own Python")
    told = run(either, _solve(promise.honest), inputs=world.inputs, artefact=world.mine)
    assert told.answer
    assert told.ended.limit is None


@each_promise
def test_a_loopback_of_ones_own_is_no_way_out(
    promise: Promise, networked: Sandbox, world: World
) -> None:
    told = run(networked, _solve(promise.attack), inputs=world.inputs, artefact=world.mine)
    assert told.ended.broken is None
    assert not told.last.get("answer"), told.last


_OWN_SERVER = """
import socket
server = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(server.getsockname(), 5)
client.sendall(b'x')
return server.accept()[0].recv(1) == b'x'
"""
_OTHER_FAMILIES = """
import socket
opened = []
for name in ('AF_UNIX', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET', 'AF_VSOCK'):
    try:
        socket.socket(getattr(socket, name), socket.SOCK_DGRAM)
    except OSError:
        continue
    opened.append(name)
return opened
"""
_ELSEWHERE = """
import socket
s = socket.socket()
s.settimeout(5)
return s.connect_ex((w['elsewhere'], 80))
"""


def test_on_a_loopback_a_candidate_speaks_to_itself(networked: Sandbox, isolated: Sandbox) -> None:
    assert run(networked, _solve(_OWN_SERVER)).answer is True
    assert run(isolated, _solve(_OWN_SERVER)).last["crash"]["type"] == "PermissionError"


def test_the_records_of_such_a_sandbox_say_so(networked: Sandbox, isolated: Sandbox) -> None:
    assert networked.layers == f"{isolated.layers}+loopback"


def test_no_other_kind_of_socket_comes_with_it(networked: Sandbox) -> None:
    assert run(networked, _solve(_OTHER_FAMILIES)).answer == []


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "169.254.169.254", "10.0.0.1"])
def test_nothing_is_reached_from_a_loopback(address: str, networked: Sandbox) -> None:
    told = run(networked, _solve(_ELSEWHERE), inputs={"elsewhere": address})
    assert told.answer == errno.ENETUNREACH
