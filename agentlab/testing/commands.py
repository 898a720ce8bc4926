"""A coding agent for tests: a real program whose thoughts are a few lines of Python."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["write_command"]

_BEGINNING = """\
#!{python} -I
import os, pathlib, sys, time
worktree = pathlib.Path.cwd()
seed = int(os.environ["AGENTLAB_SEED"])
attempt = int(os.environ["AGENTLAB_ATTEMPT"])
brief = (worktree / ".agentlab/brief.md").read_text()

def hypothesis(text):
    (worktree / ".agentlab/hypothesis.md").write_text(text)

"""


def write_command(path: Path, source: str) -> Path:
    """Writes an executable program and returns its path.

    Args:
        path: Where.
        source: Python that finds `worktree`, `brief`, `seed` and `attempt`, and may call
            `hypothesis(text)`.
    """
    python = Path(sys.executable).resolve()
    path.write_text(_BEGINNING.format(python=python) + source, encoding="utf-8")
    path.chmod(0o755)
    return path
