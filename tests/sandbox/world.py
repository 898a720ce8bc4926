"""A world worth attacking: what lies around a sandbox in a real run."""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.value import JsonValue
from agentlab.sandbox import probe
from agentlab.sandbox.plain import NOBODY

SECRET = "the-label-is-42"
HELLO = b"hello"


_START_AS_NOBODY = f"""
import subprocess, sys
from agentlab.sandbox.inside import kernel
kernel.become({NOBODY}, keeps_reading=True)
sys.exit(subprocess.run([sys.executable, "-c", ""]).returncode)
"""


def nobody_starts_python() -> bool:
    """Returns whether root, become nobody, can still start this Python: hardly so below /root."""
    if os.geteuid() != 0:
        return True
    command = [sys.executable, "-c", _START_AS_NOBODY]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


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
            "oracle": probe.__file__,
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
