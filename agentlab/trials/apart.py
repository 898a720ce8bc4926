"""Workers in new processes of their own: nothing that an earlier trial left in memory is there.

What a world keeps of earlier trials may lie in an object, in a module or in a temporary folder. A
worker is forked here from a process that has imported what workers need and has run nothing, and
gets a temporary folder of its own, so it starts without all three. What it needs to know of the
machine, which walls there are and where the interpreter lies, was found out before, once for all.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Environment
from agentlab.core.outcome import Fate
from agentlab.core.trial import Bench, Trial
from agentlab.errors import InfraError, InputError
from agentlab.sandbox.interpreter import Interpreter
from agentlab.sandbox.open import Layer
from agentlab.sandbox.probe import probe
from agentlab.trials.executor import Finished, Opened
from agentlab.trials.records import record_of
from agentlab.trials.worker import TrialWorker

__all__ = ["ApartWorker", "Origin", "serve"]

_START_S = 120.0
"""What a worker may take to start and make its environment warm."""

_GRACE_S = 60.0
"""What the trusted side may take beyond a trial's own wall limit before it counts as hung."""

_END_S = 10.0


class _Failure(NamedTuple):
    """Why there is no worker."""

    is_input: bool
    problems: tuple[str, ...]


class _Silence(Exception):
    """The worker does not answer."""


class Origin:
    """The process from which workers are forked; it runs no trial itself."""

    def __init__(self, layer: Layer = "auto") -> None:
        """Starts it.

        Args:
            layer: The sandbox that workers will most likely open.
        """
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _program(theirs.fileno(), layer)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno() if _has_descriptor(sys.stderr) else None,
                env={**os.environ, "PYTHONPATH": _import_path()},
            )

    def __enter__(self) -> Origin:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def worker(
        self, bench: Bench, *, artefacts: Path, environment: Environment | None = None
    ) -> ApartWorker:
        """Returns a worker in a new process, ready; made as `TrialWorker` is.

        Args:
            bench: What all trials share.
            artefacts: A folder for the artefacts that trials bring along.
            environment: Must be None: a live environment cannot go to another process.

        Raises:
            InputError: the environment or a declared package cannot be had.
            InfraError: the process did not start.
        """
        assert environment is None
        mine, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._line, [b"w"], [theirs.fileno()])
            except OSError as error:
                mine.close()
                raise InfraError(f"no process of its own for a worker: {error}") from error
        return ApartWorker(mine, bench, artefacts)

    def close(self) -> None:
        """Ends the process; workers end by themselves."""
        self._line.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ApartWorker:
    """Runs trials of one bench in a process of its own."""

    def __init__(self, line: socket.socket, bench: Bench, artefacts: Path) -> None:
        """Waits until the environment is warm; see `Origin.worker`."""
        self._line = line
        self._replies = line.makefile("rb")
        self._limit_s = bench.limits.wall_s
        self._folder = tempfile.TemporaryDirectory(prefix="agentlab-apart-")
        # The sandbox's user passes through it to what is mounted from there.
        Path(self._folder.name).chmod(0o711)
        self.pid = 0
        """Of its process; 0 until it has said so."""

        try:
            self.pid = self._ask((self._folder.name, bench, artefacts), _START_S)
            answer = self._next(_START_S)
        except _Silence as error:
            self.close()
            raise InfraError(f"a worker in a process of its own did not start: {error}") from error
        if isinstance(answer, _Failure):
            self.close()
            raise (InputError if answer.is_input else InfraError)(*answer.problems)
        assert isinstance(answer, Opened)
        self.opened = answer

    def run(
        self,
        trial: Trial,
        candidate: Candidate,
        artefact_files: dict[str, bytes] | None = None,
    ) -> Finished:
        """Runs one trial to its fate; a process that died or hung makes it `infra`."""
        try:
            answer = self._ask((trial, candidate, artefact_files), self._limit_s + _GRACE_S)
        except _Silence as error:
            return Finished(record_of(trial, Fate.INFRA, reason=str(error)), (), {}, {})
        assert isinstance(answer, Finished)
        return answer

    def close(self) -> None:
        """Ends the process, and waits until it has."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
        # It hangs up when all that it held is closed.
        if not select.select([self._line], [], [], _END_S)[0]:
            self._kill()
        self._replies.close()
        self._line.close()
        self._folder.cleanup()

    def _ask(self, question: object, timeout_s: float) -> Any:  # Any: what the other end answers
        try:
            self._line.sendall(pickle.dumps(question))
        except OSError as error:
            raise _Silence("the worker died") from error
        return self._next(timeout_s)

    def _next(self, timeout_s: float) -> Any:  # Any: as above
        # Answers come one by one, so nothing waits in the buffer.
        if not select.select([self._line], [], [], timeout_s)[0]:
            self._kill()
            raise _Silence("the worker hung")
        try:
            return pickle.load(self._replies)
        except (EOFError, OSError) as error:
            raise _Silence("the worker died") from error

    def _kill(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def serve(descriptor: int, layer: Layer = "auto") -> None:
    """Forks a worker for each line that comes over a socket, until it is closed.

    Args:
        descriptor: Of the socket.
        layer: The sandbox that workers will most likely open.
    """
    # Ctrl-C is for the driver, which then hangs up; workers that ended are nobody's to wait for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _look_around(layer)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = socket.socket(fileno=descriptor)
    while True:
        order, lines, _, _ = socket.recv_fds(orders, 1, 1)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            _be_worker(socket.socket(fileno=lines[0]))
        os.close(lines[0])


def _look_around(layer: Layer) -> None:
    """Finds out what each worker would find out anew, and remembers it for those to come."""
    Interpreter.of_this_process()
    if layer != "plain":
        probe()


def _be_worker(line: socket.socket) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        with line, line.makefile("rb") as requests, line.makefile("wb") as replies:
            _answer(requests, replies)
        code = 0
    except (EOFError, OSError):
        code = 0
    finally:
        os._exit(code)


def _answer(requests: BinaryIO, replies: BinaryIO) -> None:
    folder, bench, artefacts = pickle.load(requests)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    _send(os.getpid(), replies)
    worker = _opened(bench, artefacts)
    if isinstance(worker, _Failure):
        _send(worker, replies)
        return
    try:
        _send(worker.opened, replies)
        while True:
            trial, candidate, files = pickle.load(requests)
            _send(worker.run(trial, candidate, files), replies)
    finally:
        worker.close()


def _opened(bench: Bench, artefacts: Path) -> TrialWorker | _Failure:
    try:
        return TrialWorker(bench, artefacts=artefacts)
    except InputError as error:
        return _Failure(True, error.problems)
    except Exception as error:  # noqa: BLE001 - foreign code starts here; the driver says it in one line
        return _Failure(False, (f"{type(error).__name__}: {error}",))


def _send(answer: object, replies: BinaryIO) -> None:
    pickle.dump(answer, replies)
    replies.flush()


def _program(descriptor: int, layer: Layer) -> str:
    return f"from {__name__} import serve; serve({descriptor}, {layer!r})"


def _import_path() -> str:
    return os.pathsep.join(path or str(Path.cwd()) for path in sys.path)


def _has_descriptor(stream: Any) -> bool:  # Any: a test's or a screen's stand-in
    try:
        return isinstance(stream.fileno(), int)
    except (AttributeError, OSError, ValueError):
        return False
