"""The trusted side of a zygote: starts it, orders episodes, replaces it when it is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import agentlab
from agentlab.core.limits import Limits
from agentlab.errors import InfraError
from agentlab.sandbox.sandbox import Ended, Mode
from agentlab.wire.channel import Channel

__all__ = ["Launch", "ZygoteSandbox", "inside_folder"]

_START_S = 60.0
_END_S = 20.0
_INSIDE = (
    "sandbox/inside/kernel.py",
    "sandbox/inside/episode.py",
    "sandbox/inside/zygote.py",
    "wire/stub.py",
)
_BOOT = "import sys; sys.path[:0] = [{inside!r}]; from agentlab.sandbox.inside.zygote import main; main()"


class Launch(NamedTuple):
    """How a zygote of some layer is started."""

    layers: str
    is_isolated: bool
    prefix: tuple[str, ...]
    """The command that builds the walls, before the interpreter's."""

    python: str
    inside: str
    """Where the zygote finds its own files."""

    settings: dict[str, Any]
    """What the zygote is told at its start, but for its socket."""


def inside_folder() -> Path:
    """Returns a new temporary folder with copies of the files that run inside."""
    folder = Path(tempfile.mkdtemp(prefix="agentlab-inside-"))
    package = Path(agentlab.__file__).parent
    for name in _INSIDE:
        place = folder / "agentlab" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / name, place)
    (folder / "packages").mkdir()
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


class ZygoteSandbox:
    """A sandbox whose episodes are forks of one warm process."""

    def __init__(self, launch: Launch, owned: Sequence[Path]) -> None:
        """Starts the zygote.

        Args:
            launch: How.
            owned: Temporary folders to remove at the end.

        Raises:
            InfraError: it does not start.
        """
        self._launch = launch
        self._owned = owned
        self._number = 0
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._spawn()

    @property
    def layers(self) -> str:
        """The layers in force."""
        return self._launch.layers

    @property
    def is_isolated(self) -> bool:
        """Whether a candidate is kept from the rest of the machine."""
        return self._launch.is_isolated

    def start(
        self, limits: Limits, *, mode: Mode = "solve", artefact: str | None = None
    ) -> ZygoteProcess:
        """Starts an episode; a zygote that died meanwhile is replaced first."""
        self._number += 1
        order = {
            "number": self._number,
            "limits": limits.model_dump(),
            "mode": mode,
            "artefact": artefact,
        }
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        try:
            self._send({"start": order}, [theirs_in, theirs_out])
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        channel = Channel(ours_in, ours_out, max_frame_bytes=limits.output_kb * 1024)
        return ZygoteProcess(self, channel)

    def end(self) -> Ended:
        """Ends the episode in hand."""
        try:
            answer = self._ask({"end": self._number})
        except (OSError, ValueError) as error:
            self._respawn()
            return Ended("lost", broken=f"the zygote was lost: {type(error).__name__}")
        return Ended(**answer)

    def close(self) -> None:
        """Ends the zygote, and with it all that it started."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
            self._zygote = None
        for folder in self._owned:
            shutil.rmtree(folder, ignore_errors=True)

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {**self._launch.settings, "control_fd": theirs.fileno()}
        boot = _BOOT.format(inside=self._launch.inside)
        command = [
            *self._launch.prefix,
            *(self._launch.python, "-s", "-P", "-S", "-B", "-c", boot, json.dumps(settings)),
        ]
        self._zygote = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            env=_environment(),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        ours.settimeout(_START_S)
        self._control = ours
        try:
            ready = ours.recv(1 << 16)
        except OSError:
            ready = b""
        if not ready:
            raise InfraError(f"the sandbox '{self.layers}' does not start: {self._last_words()}")
        ours.settimeout(_END_S)

    def _last_words(self) -> str:
        assert self._zygote is not None
        assert self._zygote.stderr is not None
        self._zygote.kill()
        words = self._zygote.stderr.read().decode("utf-8", "replace").strip()
        self._zygote.wait()
        return words.splitlines()[-1] if words else "it said nothing"

    def _respawn(self) -> None:
        if self._zygote is not None:
            self._zygote.send_signal(signal.SIGKILL)
            self._zygote.wait()
        if self._control is not None:
            self._control.close()
        self._spawn()

    def _send(self, message: dict[str, Any], descriptors: list[int]) -> None:
        data = [json.dumps(message).encode()]
        assert self._control is not None
        try:
            socket.send_fds(self._control, data, descriptors)
        except OSError:
            self._respawn()
            socket.send_fds(self._control, data, descriptors)

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._control is not None
        self._control.send(json.dumps(message).encode())
        answer = self._control.recv(1 << 20)
        if not answer:
            raise ConnectionError("the zygote hung up")
        parsed: dict[str, Any] = json.loads(answer)
        return parsed


class ZygoteProcess:
    """One episode of a zygote."""

    def __init__(self, sandbox: ZygoteSandbox, channel: Channel) -> None:
        self._sandbox = sandbox
        self._channel = channel
        self._ended: Ended | None = None

    @property
    def channel(self) -> Channel:
        """The wire to the candidate."""
        return self._channel

    def end(self) -> Ended:
        """Kills whatever is left and returns how it ended."""
        if self._ended is None:
            self._ended = self._sandbox.end()
            self._channel.close()
        return self._ended


def _environment() -> dict[str, str]:
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    )
    # A fixed hash seed, so that the order of a set is the same in every worker.
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **threads}
