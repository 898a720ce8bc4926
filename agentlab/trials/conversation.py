"""One episode's talk over the wire: from the start frame to the answer or the end."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from agentlab.core.environment import Episode
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.tool import Tool, ToolResult
from agentlab.core.trial import TraceFrame
from agentlab.core.value import JsonValue, plain_json
from agentlab.errors import ToolError, Violation
from agentlab.trials.meter import LimitPassed, Meter
from agentlab.wire.channel import FrameTooLarge, WireError

__all__ = ["Conversation", "Ending", "Frames"]

_MEBIBYTE = 1 << 20
_FRAME_WEIGHT = 1024
"""What a piece of an artefact counts beside its bytes, so that empty files without end do end."""
_LIMITS_BEHIND_CRASHES = ("memory", "file size", "processes")
"""What the kernel refuses a candidate as an exception, which it then does not catch."""


class Ending(NamedTuple):
    """How the talk ended, before anything was judged."""

    fate: Fate | None
    """None where the candidate answered (it is to be judged) or hung up (its process tells why)."""

    reason: str = ""
    answer: JsonValue = None
    has_answer: bool = False


class Frames(Protocol):
    """The way to the candidate and back; `Channel` is one."""

    def send(self, frame: dict[str, JsonValue], deadline: float | None = None) -> None:
        """Sends one frame."""
        ...

    def send_text(self, text: str, deadline: float | None = None) -> None:
        """Sends one frame that is JSON already."""
        ...

    def receive(self, deadline: float | None = None) -> dict[str, JsonValue] | None:
        """Returns the next frame, or None when the other end hung up."""
        ...


class _Said(NamedTuple):
    """A message as it went over the wire, of which a frame is made where somebody looks."""

    at_s: float
    sender: Literal["candidate", "environment"]
    frame: dict[str, JsonValue] | str
    """As text where it holds what the world may change after."""


class Conversation:
    """Serves the tools of one episode to one candidate process."""

    def __init__(
        self,
        channel: Frames,
        episode: Episode,
        limits: Limits,
        meter: Meter,
        *,
        beside: Mapping[str, Tool] = MappingProxyType({}),
    ) -> None:
        """Makes it ready.

        Args:
            channel: The way to the candidate.
            episode: Whose tools it serves.
            limits: What the candidate may spend.
            meter: Counts what it spends.
            beside: Calls that are served as well, and told of to nobody.
        """
        self._channel = channel
        self._told: Mapping[str, Tool] = episode.tools
        self._tools = {**self._told, **beside} if beside else self._told
        self._limits = limits
        self._meter = meter
        self._began = time.monotonic()
        self._deadline = self._began + limits.wall_s
        self._artefact_bytes = 0
        self._said: list[_Said] = []
        self.artefact: dict[str, bytearray] = {}
        """Files that a preparation streamed, by their path."""

    @property
    def trace(self) -> list[TraceFrame]:
        """Every frame after the start frame, in order."""
        return [
            TraceFrame.model_construct(
                at_s=round(said.at_s, 4),
                sender=said.sender,
                frame=json.loads(said.frame) if isinstance(said.frame, str) else said.frame,
            )
            for said in self._said
        ]

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def hold(self, start: dict[str, JsonValue]) -> Ending:
        """Sends the start frame and serves calls until the candidate ends, one way or another.

        Raises:
            Exception: whatever a tool raises that is neither ToolError nor Violation: our side.
        """
        try:
            self._channel.send({"start": start}, self._deadline)
            while True:
                frame = self._channel.receive(self._deadline)
                if frame is None:
                    return Ending(None, "the process ended without an answer")
                ending = self.take(frame)
                if ending is not None:
                    return ending
        except TimeoutError:
            return Ending(Fate.TIMEOUT, f"no answer within {self._limits.wall_s:g} s")
        except ConnectionError:
            return Ending(None, "the process ended without an answer")
        except FrameTooLarge:
            return Ending(Fate.LIMIT, "output")
        except WireError as error:
            return Ending(Fate.VIOLATION, f"malformed frame: {error}")
        except LimitPassed as error:
            return Ending(Fate.LIMIT, error.limit)
        except Violation as error:
            return Ending(Fate.VIOLATION, str(error))

    def take(self, frame: dict[str, JsonValue]) -> Ending | None:
        """Serves one frame of the candidate; returns how the talk ends with it, or None.

        Raises:
            Exception: as `hold` answers it, and what a tool raises.
        """
        if "artefact" not in frame:
            self._record("candidate", frame)
        if "call" in frame:
            self._call(frame)
        elif "answer" in frame:
            self._meter.answered(frame["answer"])
            return Ending(None, answer=frame["answer"], has_answer=True)
        elif "crash" in frame:
            return _crash(frame["crash"])
        elif "artefact" in frame:
            self._keep_artefact(frame["artefact"])
        else:
            raise WireError("a frame that is neither call, answer, crash nor artefact")
        return None

    def _call(self, frame: dict[str, JsonValue]) -> None:
        number, name, arguments = frame["call"], frame.get("tool"), frame.get("args")
        if not isinstance(number, int) or not isinstance(arguments, dict):
            raise WireError("a call without number and arguments")
        tool = self._tools.get(name) if isinstance(name, str) else None
        self._meter.before_call(is_step=tool is not None and tool.is_step)
        try:
            if tool is None:
                raise ToolError(
                    "no_such_tool", f"no tool {name!r}; there are {', '.join(self._told)}"
                )
            result = tool.call(arguments)
            text = plain_json(result.value)
            answer = f'{{"result":{number:d},"value":{text}}}'
        except ToolError as error:
            result = ToolResult(value=[error.kind, error.message])
            text = plain_json(result.value)
            answer = plain_json({"error": number, "kind": error.kind, "message": error.message})
        self._meter.after_call(result, text)
        self._record("environment", answer)
        # Who is gone already may have answered before: its frames count, and not who was faster.
        with contextlib.suppress(ConnectionError):
            self._channel.send_text(answer, self._deadline)

    def _keep_artefact(self, chunk: JsonValue) -> None:
        if not isinstance(chunk, dict) or not isinstance(chunk.get("path"), str):
            raise WireError("an artefact frame without a path")
        path, data = str(chunk["path"]), chunk.get("data")
        if not _is_plain_path(path) or not isinstance(data, str):
            raise WireError("an artefact frame with a bad path or no data")
        try:
            content = base64.b64decode(data, validate=True)
        except binascii.Error as error:
            raise WireError("an artefact frame that is not base64") from error
        self._artefact_bytes += len(content) + _FRAME_WEIGHT
        if self._artefact_bytes > self._limits.artefact_mb * _MEBIBYTE:
            raise LimitPassed("artefact_mb")
        self.artefact.setdefault(path, bytearray()).extend(content)

    def _record(
        self, sender: Literal["candidate", "environment"], frame: dict[str, JsonValue] | str
    ) -> None:
        self._said.append(_Said(self.elapsed_s, sender, frame))


def _is_plain_path(path: str) -> bool:
    parts = path.split("/")
    return len(path) <= 200 and path.isprintable() and all(p not in ("", ".", "..") for p in parts)


def _crash(crash: JsonValue) -> Ending:
    if not isinstance(crash, dict):
        raise WireError("a crash frame without details")
    kind = str(crash.get("type", "Exception"))
    if crash.get("limit") in _LIMITS_BEHIND_CRASHES:
        return Ending(Fate.LIMIT, str(crash["limit"]))
    lines = [line.strip() for line in str(crash.get("traceback", "")).splitlines()]
    places = [line for line in lines if line.startswith('File "/episode')]
    where = f" ({places[-1]})" if places else ""
    return Ending(Fate.CRASHED, f"{kind}: {crash.get('message', '')}{where}"[:400])
