from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Stage, Verdict
from agentlab.errors import InfraError
from agentlab.store.projection import project
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

BASELINE = Candidate(files={"agent.py": b"one = 1\n", "lib/deep/b.py": b"b\n", "bin": b"\x00\xff"})
CLEAN = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b",
}


class Lab:
    """A run whose history is written by hand."""

    def __init__(self, path: Path) -> None:
        self.folder = RunFolder(path)
        path.mkdir(parents=True)
        self.store = Store.open(self.folder.database_url)
        self.store.create_run(
            RunInfo(self.folder.name, "2026-01-02T03:04:05+00:00", "0", "running", {}, None)
        )
        self.add(BASELINE)

    def add(self, candidate: Candidate) -> Candidate:
        self.store.add_candidate(self.folder.name, candidate)
        return candidate

    def child(self, parent: Candidate, **files: str) -> Candidate:
        changed = {name.replace("_", "."): text.encode() for name, text in files.items()}
        return self.add(
            Candidate(
                files={**parent.files, **changed},
                parent=parent.digest,
                source="ideas",
                label=f"idea {len(self.store.candidates(self.folder.name))}",
                hypothesis="it helps\nor not",
            )
        )

    def propose(self, first_number: int, *candidates: Candidate) -> None:
        digests = [candidate.digest for candidate in candidates]
        payload = {"batch": first_number, "first_number": first_number, "candidates": digests}
        self.store.append_event(self.folder.name, "proposed", payload)

    def decide(
        self, number: int, candidate: Candidate, verdict: Verdict, stage: Stage = "gate"
    ) -> None:
        decision = Decision(
            number=number,
            candidate=candidate.digest,
            incumbent=BASELINE.digest,
            source="ideas",
            label=candidate.label,
            verdict=verdict,
            stage=stage,
            reason="as measured",
        )
        payload = {"elapsed_s": 1.0, "decisions": [decision.model_dump(mode="json")]}
        self.store.append_event(self.folder.name, "decisions", payload)

    def project(self) -> bool:
        return project(self.store, self.folder)

    def git(self, *words: str) -> str:
        return git(self.folder.repository, *words)

    def refs(self) -> str:
        return self.git("for-each-ref")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, env=CLEAN
    )
    return done.stdout


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "runs" / "shop")
    yield made
    made.store.close()


@pytest.fixture
def history(lab: Lab) -> Lab:
    """Proposal 1 kept, 2 discarded, 3 rebased onto 1 and kept."""
    one = lab.child(BASELINE, agent_py="one = 2\n")
    two = lab.child(BASELINE, agent_py="one = 3\n")
    lab.propose(1, one, two)
    lab.decide(1, one, Verdict.KEPT)
    lab.decide(2, two, Verdict.DISCARDED)
    three = lab.child(BASELINE, new_py="new\n")
    lab.propose(3, three)
    rebased = lab.child(one, new_py="new\n")
    lab.decide(3, rebased, Verdict.KEPT)
    return lab


def test_the_kept_line_is_the_branch_that_is_checked_out(history: Lab) -> None:
    assert history.project()
    subjects = history.git("log", "--format=%s", "incumbent").splitlines()
    assert subjects == ["#3 ideas: idea 4", "#1 ideas: idea 1", "baseline"]
    assert history.git("rev-parse", "--abbrev-ref", "HEAD") == "incumbent\n"
    assert history.git("status", "--porcelain") == ""
    files = {
        str(file.relative_to(history.folder.repository)): file.read_bytes()
        for file in history.folder.repository.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }
    assert files == {**BASELINE.files, "agent.py": b"one = 2\n", "new.py": b"new\n"}


def test_every_proposal_is_a_commit_on_its_parent_with_its_verdict(history: Lab) -> None:
    history.project()
    names = history.git("for-each-ref", "--format=%(refname)", "refs/candidates").split()
    assert [name.removeprefix("refs/candidates/") for name in names] == [
        *("0", "1", "2", "3", "3-proposed")
    ]
    assert history.git("log", "-1", "--format=%B", "candidates/2").strip() == (
        "#2 ideas: idea 2\n\nit helps\nor not\n\n#2 discarded: as measured"
    )
    parents = [
        history.git("rev-parse", f"candidates/{name}~1") for name in ("1", "2", "3-proposed")
    ]
    assert set(parents) == {history.git("rev-parse", "baseline^{commit}")}
    assert history.git("diff", "--stat", "baseline", "candidates/2").startswith(" agent.py | 2 +-")


def test_the_same_history_makes_the_same_hashes(history: Lab) -> None:
    history.project()
    first = history.refs()
    history.project()
    assert history.refs() == first
    assert first.count("commit") == 7


def test_new_history_leaves_old_hashes(history: Lab) -> None:
    history.project()
    before = set(history.refs().splitlines())
    four = history.child(BASELINE, agent_py="one = 4\n")
    history.propose(4, four)
    history.decide(4, four, Verdict.INVALID, "static")
    history.project()
    (added,) = set(history.refs().splitlines()) - before
    assert added.endswith("refs/candidates/4")


def test_a_candidate_that_comes_back_after_others_continues_the_kept_line(history: Lab) -> None:
    two = history.store.candidate("shop", 2)
    history.decide(4, two, Verdict.KEPT)
    history.project()
    subjects = history.git("log", "--format=%s", "incumbent").splitlines()
    assert subjects == ["#4 ideas: idea 2", "#3 ideas: idea 4", "#1 ideas: idea 1", "baseline"]
    assert history.git("rev-parse", "candidates/4") == history.git("rev-parse", "incumbent")
    assert history.git("show", "incumbent:agent.py") == "one = 3\n"


def test_log_diff_and_cherry_pick_work_in_an_ordinary_clone(history: Lab, tmp_path: Path) -> None:
    history.project()
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history.folder.repository), str(clone))
    git(clone, "fetch", "--quiet", "origin", "refs/candidates/*:refs/candidates/*")
    assert git(clone, "log", "--oneline").count("\n") == 3
    assert "+new" in git(clone, "diff", "baseline", "incumbent")
    git(clone, "checkout", "--quiet", "-b", "mine", "baseline")
    git(clone, "cherry-pick", "candidates/3")
    assert git(clone, "diff", "candidates/3-proposed", "HEAD") == ""
    git(clone, "fsck", "--strict")


def test_a_run_without_decisions_has_its_baseline(lab: Lab) -> None:
    waiting = lab.child(BASELINE, agent_py="one = 9\n")
    lab.propose(1, waiting)
    lab.child(BASELINE, agent_py="one = 10\n")
    assert lab.project()
    assert lab.git("log", "--format=%s", "incumbent") == "baseline\n"
    assert lab.git("show", "candidates/1:agent.py") == "one = 9\n"
    assert "refs/candidates/unproposed-" in lab.refs()


def test_a_run_without_candidates_has_an_empty_repository(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "empty")
    folder.path.mkdir()
    store = Store.open(folder.database_url)
    store.create_run(RunInfo("empty", "2026-01-02T03:04:05+00:00", "0", "running", {}, None))
    assert project(store, folder)
    assert git(folder.repository, "for-each-ref") == ""
    store.close()


@pytest.mark.parametrize(
    "state",
    ["deleted", "index.lock", "no objects", "foreign commit", "a file", "a link", "half-written"],
)
def test_whatever_state_the_repository_is_in_it_is_repaired(history: Lab, state: str) -> None:
    history.project()
    expected = history.refs()
    place, outside = history.folder.repository, history.folder.path.parent / "outside"
    outside.mkdir()
    (outside / "keep").write_text("mine")
    if state == "index.lock":
        (place / ".git" / "index.lock").write_text("")
        (place / ".git" / "refs" / "heads" / "incumbent.lock").write_text("")
    elif state == "no objects":
        shutil.rmtree(place / ".git" / "objects")
    elif state == "foreign commit":
        (place / "agent.py").write_text("foreign\n")
        (place / "untracked").write_text("foreign\n")
        history.git("commit", "--quiet", "-am", "foreign")
        history.git("update-ref", "refs/candidates/1", "HEAD")
    elif state == "half-written":
        shutil.rmtree(place / ".git" / "refs")
        (history.folder.path / ".partial-x").mkdir()
    else:
        shutil.rmtree(place)
        if state == "a file":
            place.write_text("")
        elif state == "a link":
            place.symlink_to(outside)
    with history.folder.locked():
        assert history.project()
    assert history.refs() == expected
    assert history.git("status", "--porcelain") == ""
    history.git("fsck", "--strict")
    assert (outside / "keep").read_text() == "mine"
    assert list(history.folder.path.glob(".partial-*")) == []


def test_nobodys_hooks_or_configuration_take_part(
    history: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.project()
    expected = history.refs()
    hooks = tmp_path / "templates" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "reference-transaction", "fsmonitor"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[init]\n templateDir = {hooks.parent}\n defaultBranch = other\n"
        f"[core]\n hooksPath = {hooks}\n fsmonitor = {hooks}/fsmonitor\n autocrlf = true\n"
        "[user]\n name = somebody\n[commit]\n gpgSign = true\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(hooks.parent))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert history.project()
    assert history.refs() == expected
    assert not (tmp_path / "ran").exists()
    assert list((history.folder.repository / ".git").glob("hooks/*")) == []


@pytest.mark.parametrize(
    "path",
    [".git/config", "lib/.GIT/hooks/x", "../up", "/abs", "a//b", "", ".git./x", "git~1/config"],
)
def test_a_proposal_with_a_path_that_git_refuses_is_told_and_left_out(
    lab: Lab, tmp_path: Path, path: str
) -> None:
    odd = lab.add(
        Candidate(files={**BASELINE.files, path: b"evil"}, parent=BASELINE.digest, label="odd")
    )
    lab.decide(1, odd, Verdict.KEPT)
    assert lab.project()
    assert "Files left out for their path: 1" in lab.git("log", "-1", "--format=%B")
    assert lab.git("diff", "baseline", "incumbent") == ""
    assert not (tmp_path / "runs" / "shop" / "up").exists()


@pytest.mark.parametrize(
    "path", ['quo"te', "back\\slash", "line\nbreak", "tab\t", "é", " a ", "-x"]
)
def test_odd_names_of_files_survive(lab: Lab, path: str) -> None:
    odd = lab.add(Candidate(files={path: b"odd"}, parent=BASELINE.digest))
    lab.decide(1, odd, Verdict.KEPT)
    lab.project()
    assert (lab.folder.repository / path).read_bytes() == b"odd"


def test_odd_texts_in_a_proposal_survive(lab: Lab) -> None:
    text = "data 5\nfrom :1\x00\n\ud800 done\n"
    odd = lab.add(Candidate(files={"a": b"1"}, parent=BASELINE.digest, label=text, hypothesis=text))
    lab.propose(1, odd)
    lab.project()
    assert lab.git("show", "candidates/1:a") == "1"


def test_without_git_the_run_has_no_repository(
    history: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert not history.project()
    assert not history.folder.repository.exists()


def test_when_git_fails_the_repository_before_stays(
    history: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.project()
    expected = history.refs()
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    fake.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{fake.parent}:/bin")
        with pytest.raises(InfraError, match="git init failed: no space left"):
            history.project()
    assert history.refs() == expected
    assert list(history.folder.path.glob(".partial-*")) == []
