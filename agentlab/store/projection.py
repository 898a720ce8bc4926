"""A Git repository of a run: one commit per candidate, made again from the database at will.

The database is the truth. The repository is written whole by `git fast-import` into a folder
beside the old one and put in its place, so that whatever state it was left in is repaired.

    refs/heads/incumbent        the kept line, from the baseline to the winner so far
    refs/candidates/7           proposal 7 as it was measured
    refs/candidates/7-proposed  the same before it was rebased, where it was
    refs/tags/baseline          the target as it came

A clone takes the kept line; `git fetch origin 'refs/candidates/*:refs/candidates/*'` the rest.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from agentlab.core.decision import Decision, Verdict
from agentlab.errors import InfraError
from agentlab.store.run_folder import PARTIAL, RunFolder
from agentlab.store.store import CandidateInfo, Store

__all__ = ["project"]

_AUTHOR = b"agentlab <agentlab@localhost>"
_DESCRIPTION = "Made from the run's database, again and again: clone it to work with it.\n"
_SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0")


def project(store: Store, folder: RunFolder) -> bool:
    """Writes the repository of a run; returns False where git is not installed.

    Raises:
        InfraError: git cannot write it; the one before is still there.
    """
    if shutil.which("git") is None:
        return False
    with tempfile.TemporaryDirectory(dir=folder.path, prefix=PARTIAL) as work:
        stream, new, old = (Path(work) / name for name in ("stream", "new", "old"))
        history = _History(store, folder.name)
        with stream.open("wb") as file:
            file.writelines(history.commands())
        new.mkdir()
        _git(new, "init", "--quiet", "--template=", "--initial-branch=incumbent")
        (new / ".git" / "description").write_text(_DESCRIPTION)
        _git(new, "fast-import", "--quiet", "--done", stdin=stream)
        if history.infos:
            _git(new, "reset", "--quiet", "--hard")
        if os.path.lexists(folder.repository):
            folder.repository.replace(old)
        new.replace(folder.repository)
    return True


class _History:
    """A run as the commands of git-fast-import(1), the same for the same history."""

    def __init__(self, store: Store, run: str) -> None:
        self.infos = store.candidates(run)
        self._store = store
        self._manifests = store.manifests(run)
        known = self._manifests
        self._decisions = [entry for entry in store.decisions(run) if entry.candidate in known]
        self._began = int(datetime.fromisoformat(store.run(run).created_at).timestamp())
        self._next_mark = itertools.count(1)
        self._marks: dict[str, int] = {}
        """The last mark of each digest, a blob's or a candidate's."""

        self._parents: dict[int, int | None] = {}

    def commands(self) -> Iterator[bytes]:
        """Yields contents, commits and references."""
        for address in sorted({a for files in self._manifests.values() for a in files.values()}):
            content = self._store.blob(address)
            yield b"blob\nmark :%d\n%s" % (self._mark(address), _data(content))
        refs = self._refs()
        names = {digest: name for name, digest in reversed(refs.items())}
        for info in self.infos:
            told = [entry for entry in self._decisions if entry.candidate == info.digest]
            parent = self._marks.get(info.parent) if info.parent else None
            yield from self._commit(info, _message(info, told), names[info.digest], parent)
        for name, digest in refs.items():
            yield _reset(name, self._marks[digest])
        yield from self._kept_line()
        yield b"done\n"

    def _refs(self) -> dict[str, str]:
        """Returns the digest that each name of a candidate stands for."""
        refs = {f"refs/candidates/{entry.number}": entry.candidate for entry in self._decisions}
        for info in self.infos:
            label = f"unproposed-{info.digest[:8]}" if info.number is None else str(info.number)
            name = f"refs/candidates/{label}"
            if refs.setdefault(name, info.digest) != info.digest:
                refs[f"{name}-proposed"] = info.digest
        return refs

    def _commit(
        self, info: CandidateInfo, message: str, name: str, parent: int | None
    ) -> Iterator[bytes]:
        files = self._manifests[info.digest]
        kept = {path: blob for path, blob in sorted(files.items()) if _is_plain(path)}
        if len(kept) < len(files):
            message += f"\nFiles left out for their path: {len(files) - len(kept)}\n"
        # The day is the run's and the second the candidate's, so that hashes do not depend on now.
        when = b"%s %d +0000" % (_AUTHOR, self._began + info.position)
        mark = self._mark(info.digest)
        self._parents[mark] = parent
        yield b"commit %s\nmark :%d\ncommitter %s\n" % (name.encode(), mark, when)
        yield _data(message.replace("\0", "").encode("utf-8", "replace"))
        if parent:
            yield b"from :%d\n" % parent
        yield b"deleteall\n"
        for path, blob in kept.items():
            yield b"M 100644 :%d %s\n" % (self._marks[blob], _quoted(path))

    def _kept_line(self) -> Iterator[bytes]:
        if not self.infos:
            return
        by_digest = {info.digest: info for info in self.infos}
        incumbent = self._marks[self.infos[0].digest]
        yield _reset("refs/tags/baseline", incumbent)
        for decision in self._decisions:
            if decision.verdict is not Verdict.KEPT:
                continue
            info = by_digest[decision.candidate]
            if self._parents[self._marks[info.digest]] != incumbent:
                # It was proposed before from another parent, and came back.
                name = f"refs/candidates/{decision.number}"
                yield from self._commit(info, _message(info, [decision]), name, incumbent)
            incumbent = self._marks[info.digest]
        yield _reset("refs/heads/incumbent", incumbent)

    def _mark(self, address: str) -> int:
        self._marks[address] = next(self._next_mark)
        return self._marks[address]


def _message(info: CandidateInfo, told: Sequence[Decision]) -> str:
    title = " ".join((info.label or info.source).split())
    if told:
        title = f"#{told[0].number} {told[0].source}: {title}"
    verdicts = "".join(f"\n#{entry.number} {entry.verdict}: {entry.reason}\n" for entry in told)
    hypothesis = f"\n{info.hypothesis.strip()}\n" if info.hypothesis.strip() else ""
    return f"{title}\n{hypothesis}{verdicts}"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _reset(name: str, mark: int) -> bytes:
    return b"reset %s\nfrom :%d\n\n" % (name.encode(), mark)


def _is_plain(path: str) -> bool:
    """Returns whether Git checks a path out: a proposal is kept as it came, before any check."""
    # Git reads names as the strangest file system would: `.GIT`, `.git.` and `.git:x` are `.git`.
    parts = [part.lower().split(":")[0].rstrip(" .") for part in path.split("/")]
    return not {"", ".git", "git~1"} & set(parts)


def _quoted(path: str) -> bytes:
    text = path.encode("utf-8", "replace")
    return b'"%s"' % b"".join(
        b"\\%03o" % byte if byte < 32 or byte in b'"\\' else bytes([byte]) for byte in text
    )


def _git(folder: Path, *words: str, stdin: Path | None = None) -> None:
    """Runs git with nobody's configuration and nobody's hooks."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    with (stdin or Path(os.devnull)).open("rb") as source:
        done = subprocess.run(
            ["git", "-C", str(folder), *settings, *words],
            stdin=source,
            env=environment,
            capture_output=True,
            check=False,
            start_new_session=True,  # Ctrl-C is for us
        )
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip()
        raise InfraError(f"{folder.parent.parent}: git {words[0]} failed: {reason}")
