"""What the sandbox's tests share: a way to run a candidate, and a world worth attacking."""

from __future__ import annotations

import base64
import os
import shutil
import socketserver
import subprocess
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from agentlab.core.limits import Limits
from agentlab.core.value import JsonValue
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.plain import NOBODY, open_plain
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Ended, Mode, Sandbox
from agentlab.wire.channel import WireError

SECRET = "the-label-is-42"
HELLO = b"hello"


class Told(NamedTuple):
    """What a candidate sent and how it ended."""

    last: dict[str, Any]
    """The answer or crash frame; empty where there was none."""

    artefact: dict[str, bytes]
    ended: Ended

    @property
    def answer(self) -> Any:
        """The answer; fails the test with what happened where there is none."""
        assert "answer" in self.last, (self.last, self.ended)
        return self.last["answer"]


class Run(Protocol):
    """Runs one candidate to its end."""

    def __call__(
        self,
        sandbox: Sandbox,
        source: str,
        *,
        inputs: dict[str, JsonValue] | None = None,
        limits: Limits = ...,
        mode: Mode = "solve",
        artefact: str | None = None,
    ) -> Told: ...


def _run(
    sandbox: Sandbox,
    source: str,
    *,
    inputs: dict[str, JsonValue] | None = None,
    limits: Limits = Limits(wall_s=20),  # noqa: B008 (a frozen value)
    mode: Mode = "solve",
    artefact: str | None = None,
) -> Told:
    process = sandbox.start(limits, mode=mode, artefact=artefact)
    deadline = time.monotonic() + limits.wall_s
    content = base64.b64encode(textwrap.dedent(source).encode()).decode()
    start: dict[str, JsonValue] = {
        "files": {"agent.py": content},
        "entry": f"agent.py:{mode}",
        "mode": mode,
        "goal": {"instruction": "", "inputs": inputs or {}},
        "tools": {},
    }
    last: dict[str, Any] = {}
    pieces: dict[str, bytes] = {}
    try:
        process.channel.send({"start": start}, deadline)
        while not last and (frame := process.channel.receive(deadline)) is not None:
            last = frame if "answer" in frame or "crash" in frame else {}
            if isinstance(piece := frame.get("artefact"), dict):
                data = base64.b64decode(str(piece["data"]))
                pieces[str(piece["path"])] = pieces.get(str(piece["path"]), b"") + data
    except (TimeoutError, ConnectionError, WireError) as error:
        last = {"wire": type(error).__name__}
    return Told(last, pieces, process.end())


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs one candidate to its end."""
    return _run


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        if isinstance(self.request, tuple):
            self.request[1].sendto(HELLO, self.client_address)
        else:
            self.request.sendall(HELLO)


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class World:
    """What lies around a sandbox in a real run, made readable and writable for everybody.

    So only walls keep a candidate away, not the permissions of files.
    """

    def __init__(self) -> None:
        self.uid = NOBODY if os.geteuid() == 0 else os.geteuid()
        self.folder = Path(tempfile.mkdtemp(prefix="agentlab-world-"))
        self.folder.chmod(0o755)
        self.labels = self._file("labels.json", SECRET)
        self.store = self._file("store.db", SECRET)
        self.store.chmod(0o666)
        self.outside = self.folder / "outside"
        self.outside.mkdir()
        self.outside.chmod(0o777)
        self.artefacts = self.folder / "artefacts"
        self.artefacts.mkdir()
        for digest in ("a" * 32, "b" * 32):
            (self.artefacts / digest).mkdir()
            (self.artefacts / digest / "index").write_text(f"{SECRET} of {digest}")
        self.mine, self.others = "a" * 32, "b" * 32
        # A process of the candidate's own user, such as another slot's: only walls stand between.
        ids: dict[str, Any] = (
            {"user": self.uid, "group": self.uid, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self.victim = subprocess.Popen(["/bin/sleep", "600"], env={"API_KEY": SECRET}, **ids)
        self._servers = [
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo),
            socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Echo),
            _UnixServer(str(self.folder / "raylet.sock"), _Echo),
            _UnixServer(f"\0agentlab-{os.getpid()}", _Echo),
        ]
        (self.folder / "raylet.sock").chmod(0o777)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def _file(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o644)
        return file

    @property
    def inputs(self) -> dict[str, JsonValue]:
        """All that an attacker could wish to know."""
        tcp, udp = self._servers[0], self._servers[1]
        return {
            "labels": str(self.labels),
            "store": str(self.store),
            "outside": str(self.outside),
            "artefacts": str(self.artefacts),
            "others": self.others,
            "victim": self.victim.pid,
            "tcp": tcp.server_address[1],
            "udp": udp.server_address[1],
            "unix": str(self.folder / "raylet.sock"),
            "abstract": f"agentlab-{os.getpid()}",
            "oracle": str(Path(probe.__wrapped__.__code__.co_filename)),
            "site_packages": str(Path(pytest.__file__).parent.parent),
            "secret": SECRET,
        }

    def close(self) -> None:
        """Ends everything in it."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self.victim.kill()
        self.victim.wait()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """What lies around a sandbox in a real run."""
    world = World()
    yield world
    world.close()


@pytest.fixture(scope="session")
def isolated(world: World) -> Iterator[Sandbox]:
    """A sandbox behind all walls; the test is skipped where the machine gives none."""
    report = probe()
    if not report.is_isolated:
        pytest.skip(f"no walls here: {report.reason}")
    sandbox = open_bubblewrap(artefacts=world.artefacts)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def plain(world: World) -> Iterator[Sandbox]:
    """A sandbox of limits alone."""
    sandbox = open_plain(artefacts=world.artefacts)
    yield sandbox
    sandbox.close()


@pytest.fixture(params=["isolated", "plain"])
def either(request: pytest.FixtureRequest) -> Sandbox:
    """Each layer in turn."""
    sandbox: Sandbox = request.getfixturevalue(request.param)
    return sandbox
