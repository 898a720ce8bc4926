"""The trusted side of a zygote: starts it, orders episodes, replaces it when it is lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentlab.core.limits import Limits
from agentlab.errors import InfraError, InputError
from agentlab.sandbox.interpreter import with_requirements
from agentlab.sandbox.printed import Printed
from agentlab.sandbox.sandbox import Ended, Mode
from agentlab.wire.channel import Channel

__all__ = ["ENDPOINT_IMPORTS", "INSIDE", "Launch", "ZygoteProcess", "ZygoteSandbox"]

_PACKAGE = Path(__file__).parent.parent
INSIDE = {
    "agentlab/sandbox/inside": _PACKAGE / "sandbox" / "inside",
    "agentlab/wire/stub.py": _PACKAGE / "wire" / "stub.py",
    "agentlab/wire/model_endpoint.py": _PACKAGE / "wire" / "model_endpoint.py",
}
"""All of ours that is there inside, by its place below the zygote's own folder."""

ENDPOINT_IMPORTS = ("http.server",)
"""What the endpoints of models need, imported before the fork."""

_START_S = 60.0
_ANSWER_S = 10.0
_CONTROL_BYTES = 1 << 16
_BOOT = (
    "import sys; sys.path[:0] = [{inside!r}]; "
    "from agentlab.sandbox.inside.zygote import main; main()"
)


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

    declared: tuple[str, ...] = ()
    """Distributions that the target declares."""


class ZygoteSandbox:
    """A sandbox whose episodes are forks of one warm process."""

    def __init__(self, launch: Launch, owned: Sequence[Path] = ()) -> None:
        """Starts the zygote.

        Args:
            launch: How.
            owned: Temporary folders to remove at the end.

        Raises:
            InfraError: it does not start.
            InputError: a declared package cannot be imported in it.
        """
        self._launch = launch
        self._owned = owned
        self._running: ZygoteProcess | None = None
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        try:
            self._spawn()
        except (InfraError, InputError):
            self.close()
            raise

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
        """Starts an episode; one that still runs ends, a zygote that died is replaced first."""
        if self._running is not None:
            self._running.end()
        order = {"limits": limits.model_dump(), "mode": mode, "artefact": artefact}
        printed = Printed()
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        channel = Channel(ours_in, ours_out, max_frame_bytes=limits.output_kb * 1024)
        try:
            self._order({"start": order}, [theirs_in, theirs_out, printed.fd])
        except BaseException:
            channel.close()
            printed.close()
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self._running = ZygoteProcess(self, channel, printed)
        return self._running

    def dismiss_episode(self) -> None:
        """Asks for the end of the episode in hand, for its process."""
        # Where nobody hears it, waiting for the end says so.
        with contextlib.suppress(OSError):
            if self._control is not None:
                self._control.send(json.dumps({"end": None}).encode())

    def end_episode(self, printed: Printed) -> Ended:
        """Waits for the end of the episode in hand, for its process."""
        self._running = None
        try:
            answer = self._answer()
        except (OSError, ValueError) as error:
            self._discard()
            return Ended("lost", broken=f"the zygote was lost: {type(error).__name__}")
        return Ended(printed=printed.text(), **answer)

    def close(self) -> None:
        """Ends the zygote, and with it all that it started."""
        if self._running is not None:
            self._running.end()
        self._discard()
        for folder in self._owned:
            shutil.rmtree(folder, ignore_errors=True)

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        settings = {**self._launch.settings, "control_fd": theirs.fileno()}
        boot = _BOOT.format(inside=self._launch.inside)
        with theirs:
            self._zygote = subprocess.Popen(
                [
                    *self._launch.prefix,
                    *(
                        self._launch.python,
                        "-s",
                        "-P",
                        "-S",
                        "-B",
                        "-c",
                        boot,
                        json.dumps(settings),
                    ),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(_START_S)
        try:
            ready = ours.recv(_CONTROL_BYTES)
        except OSError:
            ready = b""
        if not ready:
            raise InfraError(f"the sandbox '{self.layers}' does not start: {self._last_words()}")
        if problem := json.loads(ready)["problem"]:
            raise InputError(f"target.packages: {problem}; {self._remedy()}")
        ours.settimeout(_ANSWER_S)

    def _remedy(self) -> str:
        all_of_them = with_requirements(self._launch.declared)
        more = f", such as [{', '.join(all_of_them)}]" if all_of_them else ""
        return f"what it needs must be declared, too{more}"

    def _last_words(self) -> str:
        assert self._zygote is not None
        assert self._zygote.stderr is not None
        self._zygote.kill()
        words = self._zygote.stderr.read().decode("utf-8", "replace").strip()
        return words.splitlines()[-1] if words else "it said nothing"

    def _discard(self) -> None:
        """Ends the zygote, by asking it first: it knows best what it started."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
            assert self._zygote.stderr is not None
            self._zygote.stderr.close()
            self._zygote = None

    def _order(self, message: dict[str, Any], descriptors: list[int]) -> None:
        data = [json.dumps(message).encode()]
        try:
            socket.send_fds(self._living(), data, descriptors)
        except OSError:
            self._discard()
            socket.send_fds(self._living(), data, descriptors)

    def _living(self) -> socket.socket:
        if self._control is None:
            self._spawn()
        assert self._control is not None
        return self._control

    def _answer(self) -> dict[str, Any]:
        if self._control is None:
            raise ConnectionError("the zygote is gone")
        answer = json.loads(self._control.recv(_CONTROL_BYTES))
        if not isinstance(answer, dict):
            raise ValueError("the zygote knows of no episode")
        return answer


class ZygoteProcess:
    """One episode of a zygote."""

    def __init__(self, sandbox: ZygoteSandbox, channel: Channel, printed: Printed) -> None:
        self._sandbox = sandbox
        self._channel = channel
        self._printed = printed
        self._is_dismissed = False
        self._ended: Ended | None = None

    @property
    def channel(self) -> Channel:
        """The wire to the candidate."""
        return self._channel

    def dismiss(self) -> None:
        """Has all of it ended, behind its walls; where it has none, at once."""
        if not self._is_dismissed:
            self._is_dismissed = True
            self._sandbox.dismiss_episode()
        if not self._sandbox.is_isolated:
            self.end()

    def end(self) -> Ended:
        """Kills whatever is left and returns how it ended."""
        if self._ended is None:
            if not self._is_dismissed:
                self._sandbox.dismiss_episode()
            self._ended = self._sandbox.end_episode(self._printed)
            self._channel.close()
            self._printed.close()
        return self._ended


def _environment() -> dict[str, str]:
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    )
    # A fixed hash seed, so that the order of a set is the same in every worker.
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **threads}
