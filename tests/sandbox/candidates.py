"""Running a candidate in a sandbox, without an environment."""

from __future__ import annotations

import base64
import textwrap
import time
from typing import Any, NamedTuple

from agentlab.core.limits import Limits
from agentlab.core.value import JsonValue
from agentlab.sandbox.sandbox import Ended, Mode, Sandbox
from agentlab.wire.channel import WireError

LIMITS = Limits(wall_s=20)


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


def start_frame(
    source: str, *, inputs: dict[str, JsonValue] | None = None, mode: Mode = "solve"
) -> dict[str, JsonValue]:
    """Returns the frame that starts a target of one file; it has one tool, `ready()`."""
    content = base64.b64encode(textwrap.dedent(source).encode()).decode()
    return {
        "start": {
            "files": {"agent.py": content},
            "entry": f"agent.py:{mode}",
            "mode": mode,
            "goal": {"instruction": "", "inputs": inputs or {}},
            "tools": {"ready": []},
        }
    }


def run(
    sandbox: Sandbox,
    source: str,
    *,
    inputs: dict[str, JsonValue] | None = None,
    limits: Limits = LIMITS,
    mode: Mode = "solve",
    artefact: str | None = None,
) -> Told:
    """Runs one candidate to its end, as a trial does."""
    process = sandbox.start(limits, mode=mode, artefact=artefact)
    deadline = time.monotonic() + limits.wall_s
    last: dict[str, Any] = {}
    pieces: dict[str, bytes] = {}
    try:
        process.channel.send(start_frame(source, inputs=inputs, mode=mode), deadline)
        while not last and (frame := process.channel.receive(deadline)) is not None:
            last = frame if "answer" in frame or "crash" in frame else {}
            if isinstance(piece := frame.get("artefact"), dict):
                data = base64.b64decode(str(piece["data"]))
                pieces[str(piece["path"])] = pieces.get(str(piece["path"]), b"") + data
    except (TimeoutError, ConnectionError, WireError) as error:
        last = {"wire": type(error).__name__}
    return Told(last, pieces, process.end())
