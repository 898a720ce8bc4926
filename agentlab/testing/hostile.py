"""Candidates that end their trials in ways of their own."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate

__all__ = ["HOSTILE", "Hostile", "candidate_doing"]


class Hostile(NamedTuple):
    """What a candidate does in the world of mishaps, and what becomes of its trial."""

    name: str
    body: str
    fate: Fate
    reason: str = ""
    """What the record says of it, in part."""


HOSTILE = (
    Hostile("raises", "raise ValueError('no idea')", Fate.CRASHED, "ValueError: no idea"),
    Hostile("exits", "import sys; sys.exit(0)", Fate.CRASHED, "SystemExit"),
    Hostile("exits at once", "import os; os._exit(0)", Fate.CRASHED, "exit 0"),
    Hostile("kills itself", "import os; os.kill(os.getpid(), 9)", Fate.CRASHED, "signal 9"),
    Hostile("hangs", "import threading; threading.Event().wait()", Fate.TIMEOUT),
    Hostile("loops", "while True: pass", Fate.LIMIT, "cpu"),
    Hostile("prints 50 MB", "for _ in range(50): print('x' * (1 << 20))", Fate.LIMIT),
    Hostile("takes 10 GB", "hoard = bytearray(10 << 30)", Fate.LIMIT, "memory"),
    Hostile("calls without end", "while True: tools.roll()", Fate.LIMIT, "tool_calls"),
    Hostile("answers NaN", "return float('nan')", Fate.CRASHED, "AnswerError"),
    Hostile("answers an object", "return object()", Fate.CRASHED, "AnswerError"),
    Hostile("answers a string", "return '1.0'", Fate.FAILED),
    Hostile("answers nothing", "return None", Fate.FAILED),
    Hostile("sends nonsense", "tools._wire.send({'score': 1.0}); tools.roll()", Fate.VIOLATION),
    Hostile(
        "sends NaN past the stub",
        r"""tools._wire._writer.write(b'{"answer": NaN}\n'); tools.roll()""",
        Fate.VIOLATION,
    ),
)


def candidate_doing(body: str) -> Candidate:
    """Returns a candidate whose `solve(goal, tools)` has this body."""
    source = "def solve(goal, tools):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return Candidate(files={"agent.py": source.encode()})
