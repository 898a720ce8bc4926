"""What of a meta-agent's proposals is worth a trial."""

from __future__ import annotations

from collections.abc import Iterator

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.batch import first_new
from agentlab.meta.seen import Seen
from tests.meta.plain_lab import SOURCE, PlainLab


def child(baseline: Candidate, old: bytes, new: bytes) -> Candidate:
    files = {**baseline.files, "agent.py": SOURCE.replace(old, new)}
    return Candidate(files=files, parent=baseline.digest, label=new.decode())


def test_the_first_that_are_new_and_valid_are_taken(lab: PlainLab, baseline: Candidate) -> None:
    proposals = [
        child(baseline, b"200", b"50"),
        child(baseline, b'"a"', b"("),
        child(baseline, b"200", b"50 "),
        child(baseline, b"200", b"70"),
        child(baseline, b"200", b"80"),
    ]
    found = first_new(proposals, lab, Seen(), count=2)
    assert [one.label for one in found] == ["50", "70"]


def test_what_was_proposed_before_is_not_new(lab: PlainLab, baseline: Candidate) -> None:
    lab.others.append(child(baseline, b"200", b"50"))
    assert first_new([child(baseline, b"200", b"50")], lab, Seen(), count=2) == []
    same = baseline.with_files(baseline.files, parent=baseline.digest)
    assert first_new([same], lab, Seen(), count=1) == []


def test_what_may_not_be_edited_is_not_valid(lab: PlainLab, baseline: Candidate) -> None:
    lab.target = TargetSpec(editable=("*.md",))
    assert first_new([child(baseline, b"200", b"50")], lab, Seen(), count=1) == []


def test_no_more_is_drawn_than_it_takes(lab: PlainLab, baseline: Candidate) -> None:
    drawn = []

    def endless() -> Iterator[Candidate]:
        for number in range(1000):
            drawn.append(number)
            yield child(baseline, b"200", str(number).encode())

    assert len(first_new(endless(), lab, Seen(), count=3)) == 3
    assert len(drawn) == 3
    assert first_new(endless(), lab, Seen(), count=0) == []
