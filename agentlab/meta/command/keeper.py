"""Runs a command and ends all that it started.

A process of its own, between us and the command. It exits as the command did. Asked to end, or once
the command has ended, or when whoever started it is gone, it kills every process that the command
left, also those that went into sessions of their own, and only then ends itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from agentlab.sandbox.inside import kernel, processes

__all__ = ["kept", "main"]

_PACKAGES = Path(__file__).resolve().parents[3]
_BOOT = (
    f"import sys; sys.path.insert(0, {str(_PACKAGES)!r}); "
    "from agentlab.meta.command.keeper import main; sys.exit(main(sys.argv[1:]))"
)


def kept(words: Sequence[str]) -> list[str]:
    """Returns the command that runs another one under a keeper."""
    return [sys.executable, "-I", "-c", _BOOT, *words]


def main(words: Sequence[str]) -> int:
    """Runs a command as the keeper and returns its exit code."""
    kernel.reap_orphans()
    signal.signal(signal.SIGTERM, _give_up)
    kernel.die_with_parent(signal.SIGTERM)
    code = 127
    try:
        code = subprocess.Popen(words).wait()
    except OSError as error:
        sys.stderr.write(f"{words[0]}: {error.strerror}\n")
    finally:
        _end_all()
    return 128 - code if code < 0 else code


def _give_up(*_: object) -> None:
    _end_all()
    os._exit(128 + signal.SIGTERM)


def _end_all() -> None:
    while True:
        processes.kill_tree(os.getpid())
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
