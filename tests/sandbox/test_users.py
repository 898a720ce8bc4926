"""The sandbox serves root and ordinary users, and says so where user namespaces are denied."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from agentlab.sandbox.probe import probe
from tests.sandbox.world import nobody_starts_python

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

_BECOME = """
from agentlab.sandbox.inside import kernel
kernel.become(65534, keeps_reading=True)
"""
_DENY_NAMESPACES = """
import ctypes, os
from pathlib import Path
told, telling = os.pipe()
heard, hearing = os.pipe()
child = os.fork()
if child:
    os.read(told, 1)
    for name in ("uid_map", "gid_map"):
        Path(f"/proc/{child}/{name}").write_text("0 0 65536")
    os.write(hearing, b"x")
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
assert ctypes.CDLL(None).unshare(0x10000000) == 0
os.write(telling, b"x")
os.read(heard, 1)
Path("/proc/sys/user/max_user_namespaces").write_text("0")
"""
_RUN = """
import base64, textwrap, time
from agentlab.core.limits import Limits
def run(sandbox, source):
    process = sandbox.start(Limits())
    files = {"agent.py": base64.b64encode(textwrap.dedent(source).encode()).decode()}
    process.channel.send({"start": {"files": files, "entry": "agent.py:solve", "mode": "solve",
        "goal": {"instruction": "", "inputs": {}}, "tools": {}}})
    frame = process.channel.receive(time.monotonic() + 20)
    ended = process.end()
    assert frame and "answer" in frame, (frame, ended)
    return frame["answer"]
"""


def _told_by(*parts: str) -> dict[str, Any]:
    """Returns the JSON that a new process prints after these pieces of code."""
    code = "\n".join(textwrap.dedent(part) for part in parts)
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert process.returncode == 0, process.stderr
    told: dict[str, Any] = json.loads(process.stdout)
    return told


@pytest.mark.skipif(not probe().is_isolated, reason="no walls here")
@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="no Python for everybody")
def test_an_ordinary_user_has_the_same_walls() -> None:
    told = _told_by(
        _BECOME,
        _RUN,
        """
        import json
        from agentlab.sandbox.bubblewrap import open_bubblewrap
        from agentlab.sandbox.interpreter import Interpreter
        sandbox = open_bubblewrap(interpreter=Interpreter.of("/usr/bin/python3"))
        answer = run(sandbox, '''
            import ctypes, os, socket
            def is_refused(attempt):
                try:
                    attempt()
                except OSError:
                    return True
            def solve(goal, tools):
                return {
                    "file outside": is_refused(lambda: open("/etc/hostname")),
                    "file in the root": is_refused(lambda: open("/poison", "w")),
                    "package": is_refused(lambda: open("/inside/packages/poison.py", "w")),
                    "device": is_refused(lambda: open("/dev/poison", "w")),
                    "socket": is_refused(socket.socket),
                    "namespace": ctypes.CDLL(None).unshare(0x10000000) == -1,
                    "processes": os.listdir("/proc") == [],
                    "own file": open("own", "w").write("x") == 1,
                }
            ''')
        sandbox.close()
        print(json.dumps({"answer": answer, "layers": sandbox.layers}))
        """,
    )
    assert told["layers"] == probe().layers
    assert all(told["answer"].values()), told


def test_root_without_user_namespaces_gets_plain_and_is_told_why() -> None:
    told = _told_by(
        _DENY_NAMESPACES,
        _RUN,
        """
        import json
        from agentlab.errors import InputError
        from agentlab.sandbox.open import open_sandbox
        from agentlab.sandbox.probe import probe
        sandbox = open_sandbox(layer="auto", packages=(), blobs=(), artefacts=None)
        uid = run(sandbox, "import os; solve = lambda goal, tools: os.getuid()")
        sandbox.close()
        try:
            open_sandbox(layer="bubblewrap", packages=(), blobs=(), artefacts=None)
            refusal = ""
        except InputError as error:
            refusal = str(error)
        print(json.dumps({**probe()._asdict(), "used": sandbox.layers, "uid": uid,
            "refusal": refusal}))
        """,
    )
    assert (told["used"], told["layers"], told["is_isolated"]) == ("plain", "plain", False)
    assert told["uid"] == 65534
    assert told["remedy"] == "sysctl -w user.max_user_namespaces=10000"
    assert told["reason"] in told["refusal"]
    assert told["remedy"] in told["refusal"]


@pytest.mark.skipif(not probe().is_isolated, reason="no bubblewrap to be refused")
@pytest.mark.skipif(not nobody_starts_python(), reason="no Python for everybody")
def test_an_ordinary_user_without_user_namespaces_is_told_why() -> None:
    told = _told_by(
        _DENY_NAMESPACES,
        _BECOME,
        """
        import json
        from agentlab.sandbox.probe import probe
        print(json.dumps(probe()._asdict()))
        """,
    )
    assert told["layers"] == "plain"
    assert "namespace" in told["reason"]
    assert told["remedy"] == "sudo sysctl -w user.max_user_namespaces=10000"
