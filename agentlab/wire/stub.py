"""The candidate's end of the wire. Runs inside the sandbox: standard library only.

Nothing here is trusted by the other side, so nothing here needs to be safe from the candidate; it
only has to be pleasant to it.
"""

from __future__ import annotations

import base64
import errno
import importlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

__all__ = ["AnswerError", "Goal", "ToolError", "Tools", "Wire", "crash_frame", "play", "serve"]

_ARTEFACT_CHUNK = 32 * 1024
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))


class ToolError(Exception):
    """A tool could not do what was asked; `kind` is a stable word to branch on."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(f"{kind}: {message}")


class AnswerError(Exception):
    """What the entry returned is not plain data."""


class Goal:
    """What the agent is told."""

    def __init__(self, instruction: str, inputs: Mapping[str, Any]) -> None:
        self.instruction = instruction
        self.inputs = inputs


class Wire(Protocol):
    """What a candidate's tools speak through."""

    def send(self, frame: Mapping[str, Any]) -> None:
        """Sends one frame."""
        ...

    def receive(self) -> dict[str, Any]:
        """Returns the next frame from the other end."""
        ...


class _Pipes:
    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._reader = os.fdopen(read_fd, "rb", buffering=1 << 16)
        self._writer = os.fdopen(write_fd, "wb", buffering=0)

    def send(self, frame: Mapping[str, Any]) -> None:
        rest = memoryview(_encode(frame))
        while rest:
            rest = rest[self._writer.write(rest) or 0 :]

    def receive(self) -> dict[str, Any]:
        line = self._reader.readline()
        if not line:
            raise SystemExit(0)
        frame: dict[str, Any] = json.loads(line.decode())
        return frame


class Tools:
    """The tools of the episode, as methods; a failing one raises `tools.Error`."""

    Error = ToolError

    def __init__(
        self, wire: Wire, parameters: Mapping[str, list[str]], artefact: Path | None
    ) -> None:
        self._wire = wire
        self._parameters = parameters
        self._calls = 0
        self._lock = threading.Lock()
        self.artefact = artefact
        """Folder of the artefact: to write in `prepare`, to read in `solve`, else None."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._parameters:
            raise AttributeError(f"no tool '{name}'; there are {', '.join(self._parameters)}")
        parameters = self._parameters[name]

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, _bind(name, parameters, args, kwargs))

        # Found as it is the next time.
        vars(self)[name] = call
        return call

    def __dir__(self) -> list[str]:
        return [*self._parameters, "artefact"]

    def _call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        with self._lock:
            self._calls += 1
            self._wire.send({"call": self._calls, "tool": name, "args": arguments})
            answer = self._wire.receive()
        if "error" in answer:
            raise ToolError(answer["kind"], answer["message"])
        return answer["value"]


def serve(read_fd: int, write_fd: int, *, blobs: str, artefact: str | None) -> None:
    """Runs one episode: receives the files and the goal, calls the entry, sends the answer.

    Args:
        read_fd: Frames from the trusted side.
        write_fd: Frames to it.
        blobs: Folder of the blobs.
        artefact: Folder of the artefact, or None.
    """
    wire = _Pipes(read_fd, write_fd)
    start = wire.receive()["start"]
    ending: dict[str, Any]
    try:
        _write_files(start["files"])
        ending = {"answer": play(start, wire, code=os.getcwd(), blobs=blobs, artefact=artefact)}
    except BaseException as error:  # noqa: BLE001 - whatever the candidate raises is its ending
        ending = {"crash": crash_frame(error)}
    wire.send(ending)


def play(
    start: Mapping[str, Any], wire: Wire, *, code: str, blobs: str, artefact: str | None
) -> Any:
    """Calls the entry and returns its answer, plain data; whatever it raises goes through.

    Args:
        start: The start frame.
        wire: What its tools speak through.
        code: Folder of the candidate's modules.
        blobs: Folder of the blobs.
        artefact: Folder of the artefact, or None.
    """
    folder = Path(artefact) if artefact else None
    goal = Goal(start["goal"]["instruction"], _with_paths(start["goal"]["inputs"], blobs))
    tools = Tools(wire, start["tools"], folder)
    if start.get("models"):
        # Before anything of the candidate runs, which may read its environment at import.
        _open_endpoint(tools)
    value = _entry(start["entry"], code)(goal, tools)
    if start["mode"] == "prepare":
        # What a preparation leaves behind is its folder; its value is nobody's.
        value = None
        if folder is not None:
            _send_artefact(wire, folder)
    return _plain(value)


def crash_frame(error: BaseException) -> dict[str, str | None]:
    """Returns what the trusted side is told of an exception."""
    lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-12)
    return {
        "type": type(error).__name__,
        "message": _speakable(str(error))[:500],
        "traceback": _speakable("".join(lines))[-4000:],
        "limit": _limit_behind(error),
    }


def _encode(frame: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(frame).encode() + b"\n"


def _plain(answer: Any) -> Any:
    try:
        _encode({"answer": answer})
    except (TypeError, ValueError, RecursionError) as error:
        raise AnswerError(f"the answer is not plain data: {error}") from error
    return answer


def _bind(
    name: str, parameters: list[str], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns all arguments by name, as Python itself would bind them."""
    if len(args) > len(parameters):
        raise TypeError(f"{name}() takes {len(parameters)} arguments, {len(args)} were given")
    bound = dict(zip(parameters, args, strict=False))
    if twice := bound.keys() & kwargs.keys():
        raise TypeError(f"{name}() got {', '.join(sorted(twice))} twice")
    return {**bound, **kwargs}


def _write_files(files: Mapping[str, str]) -> None:
    for path, content in files.items():
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(content))


def _entry(reference: str, code: str) -> Callable[..., Any]:
    file, _, name = reference.partition(":")
    sys.path.insert(0, code)
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    entry: Callable[..., Any] = getattr(module, name)
    return entry


def _open_endpoint(tools: Tools) -> None:
    from agentlab.wire.model_endpoint import open_endpoint

    open_endpoint(tools._call)  # noqa: SLF001 - the endpoint is one more caller of the same wire


def _with_paths(value: Any, blobs: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$blob"}:
            return f"{blobs}/{value['$blob']}"
        return {key: _with_paths(part, blobs) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_paths(part, blobs) for part in value]
    return value


def _send_artefact(wire: Wire, folder: Path) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not file.is_file():
            continue
        path = file.relative_to(folder).as_posix()
        with file.open("rb") as content:
            wire.send(_piece(path, content.read(_ARTEFACT_CHUNK)))
            while chunk := content.read(_ARTEFACT_CHUNK):
                wire.send(_piece(path, chunk))


def _piece(path: str, chunk: bytes) -> dict[str, Any]:
    return {"artefact": {"path": path, "data": base64.b64encode(chunk).decode()}}


def _speakable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _limit_behind(error: BaseException) -> str | None:
    """Returns the limit that an exception comes from, in the words of a trial's fate."""
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOSPC):
        return "file size"
    # What fork() and threads raise where there may be no more of them.
    if isinstance(error, BlockingIOError) or str(error) == "can't start new thread":
        return "processes"
    return None
