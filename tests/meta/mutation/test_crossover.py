"""What another line of candidates brought, brought to this one."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.meta.mutation.crossover import crossed
from tests.meta.plain_lab import SOURCE, PlainLab


def child(parent: Candidate, old: bytes, new: bytes) -> Candidate:
    files = {**parent.files, "agent.py": SOURCE.replace(old, new)}
    return parent.with_files(files, parent=parent.digest)


def test_the_other_line_s_edit_is_merged_into_the_first(lab: PlainLab, baseline: Candidate) -> None:
    ours, theirs = child(baseline, b"200", b"50"), child(baseline, b'"a"', b'"b"')
    lab.others.extend([ours, theirs])
    (made,) = crossed(lab, [ours, theirs], "mutation")
    assert b"50" in made.files["agent.py"]
    assert b'"b"' in made.files["agent.py"]
    assert (made.parent, made.source) == (ours.digest, "mutation")


def test_what_conflicts_or_is_its_own_child_is_left_out(lab: PlainLab, baseline: Candidate) -> None:
    ours, theirs = child(baseline, b"200", b"50"), child(baseline, b"200", b"70")
    lab.others.extend([ours, theirs])
    assert list(crossed(lab, [ours, theirs], "mutation")) == []
    assert list(crossed(lab, [baseline, ours], "mutation")) == []
    assert list(crossed(lab, [ours], "mutation")) == []
