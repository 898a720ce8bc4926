"""A driver that is killed at any moment: what it was told is saved is there, once."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

from agentlab.store.projection import project
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from agentlab.store.traces import read_frames

ROOT = Path(__file__).parents[2]

WRITER = """
import itertools, sys
from pathlib import Path
from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.core.value import digest
from agentlab.store.projection import project
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store
from agentlab.store.traces import save_trace

def acknowledge(*words):
    print(*words, flush=True)

folder = RunFolder(Path(sys.argv[1]))
with folder.locked():
    acknowledge("open")
    store = Store.open(folder.database_url)
    if not store.runs():
        store.create_run(RunInfo("shop", "2026-01-02T03:04:05+00:00", "0", "running", {}, None))
    parent = None
    for step in itertools.count(store.count_trials("shop")):
        candidate = Candidate(files={"a.py": b"%d" % step, "same.py": b"x" * 9000}, parent=parent)
        store.add_candidate("shop", candidate)
        acknowledge("candidate", candidate.digest)
        parent = candidate.digest
        records = [
            TrialRecord(
                key=digest([step, place]), bench="b", candidate=candidate.digest,
                fate=Fate.SOLVED, outcome=Outcome(success=1.0, feedback="x" * 2000),
            )
            for place in range(3)
        ]
        frame = TraceFrame(at_s=0, sender="candidate", frame={"step": step})
        save_trace(folder.traces, records[0].key, [frame] * 50, {"end.png": b"1" * 5000})
        acknowledge("trace", records[0].key)
        store.save_trials("shop", records)
        acknowledge("trials", *(record.key for record in records))
        acknowledge("event", store.append_event("shop", "step", {"step": step}))
        if step % 10 == 0 and sys.argv[2] == "git":
            project(store, folder)
"""


def killed(folder: RunFolder, lines: int, git: bool) -> list[list[str]]:
    """Lets a driver work until it has acknowledged so many things, kills it, returns them."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder.path), "git" if git else "no"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    seen = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    # What it said between our last line and its end was acknowledged as well.
    rest = process.communicate()[0].splitlines(keepends=True)
    return [line.split() for line in (*seen, *rest) if line.endswith("\n")]


def test_what_was_acknowledged_survives_kills_at_any_moment(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "shop")
    folder.path.mkdir()
    chance = random.Random(1)
    has_git = shutil.which("git") is not None
    acknowledged: list[list[str]] = []
    for lines in (1, 2, *(chance.randrange(5, 200) for _ in range(5))):
        acknowledged += killed(folder, lines, has_git)
        with sqlite3.connect(folder.database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    told: dict[str, list[str]] = {}
    for kind, *words in acknowledged:
        told.setdefault(kind, []).extend(words)
    store = Store.open(folder.database_url)
    counts = Counter(trial.key for trial in store.trials("shop"))
    assert set(told["trials"]) <= counts.keys()
    assert set(counts.values()) == {1}
    assert set(told["candidate"]) <= {info.digest for info in store.candidates("shop")}
    for digest in told["candidate"]:
        assert store.candidate("shop", digest).digest == digest
    assert set(map(int, told["event"])) <= {event.id for event in store.log("shop")}
    assert all(len(read_frames(folder.traces, key)) == 50 for key in told["trace"])
    with folder.locked():
        assert list(folder.path.rglob(".partial-*")) == []
        if has_git:
            assert project(store, folder)
    store.close()
    if has_git:
        subprocess.run(["git", "-C", folder.repository, "fsck", "--strict"], check=True)
