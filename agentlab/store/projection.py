"""A Git repository of a run: one commit per candidate, made again from the database at will.

The database is the truth. The repository is written whole by `git fast-import` into a folder
beside the old one and put in its place, so that whatever state it was left in is repaired.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from agentlab.store.run_folder import RunFolder
from agentlab.store.store import CandidateInfo, Store

__all__ = ["project"]

_AUTHOR = b"agentlab <agentlab@localhost>"


def project(store: Store, folder: RunFolder) -> bool:
    """Writes the repository of a run; returns False where git is not installed."""
    git = shutil.which("git")
    if git is None:
        return False
    decisions = {
        entry["candidate"]: entry
        for event in store.events(folder.name, "decisions")
        for entry in event["decisions"]
    }
    began = datetime.fromisoformat(store.run(folder.name).created_at)
    stream = b"".join(_stream(store, folder.name, decisions, int(began.timestamp())))
    partial = Path(tempfile.mkdtemp(dir=folder.path, prefix=".repository-"))
    _git(git, partial, "init", "--quiet", "--initial-branch=incumbent")
    _git(git, partial, "fast-import", "--quiet", "--done", stdin=stream)
    _git(git, partial, "reset", "--quiet", "--hard")
    old = folder.repository
    if old.exists():
        shutil.rmtree(old)
    os.replace(partial, old)
    return True


def _stream(
    store: Store, run: str, decisions: dict[str, dict[str, object]], began: int
) -> Iterator[bytes]:
    """Yields the commands of git-fast-import(1)."""
    marks: dict[str, int] = {}
    incumbent = None
    for info in store.candidates(run):
        mark = marks[info.digest] = len(marks) + 1
        decision = decisions.get(info.digest)
        number = decision["number"] if decision else info.position
        message = _message(info, decision).encode()
        # The day is the run's and the second the candidate's, so that hashes do not depend on now.
        yield f"commit refs/candidates/{number}-{info.digest[:8]}\nmark :{mark}\n".encode()
        yield b"committer " + _AUTHOR + f" {began + info.position} +0000\n".encode()
        yield b"data %d\n%s\n" % (len(message), message)
        if info.parent in marks:
            yield f"from :{marks[info.parent]}\n".encode()
        yield b"deleteall\n"
        for path, content in sorted(store.candidate(run, info.digest).files.items()):
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(content), content)
        if incumbent is None or (decision and decision["verdict"] == "kept"):
            incumbent = mark
        if info.position == 0:
            yield f"reset refs/tags/baseline\nfrom :{mark}\n\n".encode()
    if incumbent is not None:
        yield f"reset refs/heads/incumbent\nfrom :{incumbent}\n\n".encode()
    yield b"done\n"


def _message(info: CandidateInfo, decision: dict[str, object] | None) -> str:
    if decision is None:
        return f"{info.label or info.source}\n\n{info.hypothesis}\n"
    head = f"#{decision['number']} {info.source}: {info.label}"
    return f"{head}\n\n{info.hypothesis}\n\n{decision['verdict']}: {decision['reason']}\n"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()


def _git(git: str, folder: Path, *words: str, stdin: bytes = b"") -> None:
    """Runs git with nobody's configuration and nobody's hooks."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }
    subprocess.run(
        [git, "-C", str(folder), "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", *words],
        input=stdin,
        env=environment,
        check=True,
        capture_output=True,
    )
