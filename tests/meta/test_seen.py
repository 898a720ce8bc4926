"""What a run has tried by now."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.meta.normal_form import normal_form
from agentlab.meta.seen import Seen, edit_form
from tests.meta.plain_lab import SOURCE, PlainLab


def changed(parent: Candidate, old: bytes, new: bytes, label: str = "x") -> Candidate:
    files = {**parent.files, "agent.py": parent.files["agent.py"].replace(old, new)}
    assert files != parent.files
    return parent.with_files(files, parent=parent.digest).model_copy(update={"label": label})


def test_forms_are_those_of_all_that_was_proposed(lab: PlainLab, baseline: Candidate) -> None:
    other = changed(baseline, b"200", b"100")
    lab.others.append(other)
    assert Seen().forms(lab) == {normal_form(baseline), normal_form(other)}


def test_an_edit_is_the_same_wherever_its_file_was_longer(baseline: Candidate) -> None:
    longer = changed(baseline, b"LIMIT = 200", b"FIRST = 1\n\n\nLIMIT = 200")
    one = changed(baseline, b"kind", b"sort")
    two = changed(longer, b"kind", b"sort")
    assert edit_form(one, baseline) == edit_form(two, longer)
    assert edit_form(one, baseline) != edit_form(changed(baseline, b"kind", b"type"), baseline)


def test_the_same_change_in_another_place_is_another_edit(baseline: Candidate) -> None:
    one, two = (
        Candidate(files={"agent.py": SOURCE.replace(old, new)})
        for old, new in ((b"LIMIT = 200", b"LIMIT = 100"), (b"limit=LIMIT", b"limit=100"))
    )
    assert edit_form(one, baseline) != edit_form(two, baseline)


def test_an_undecided_edit_may_come_again(lab: PlainLab, baseline: Candidate) -> None:
    lab.others.append(changed(baseline, b"200", b"100", "fewer"))
    assert len(Seen().edits(lab)) == 1
    lab.decide("mutation", "fewer", Verdict.UNDECIDED)
    assert Seen().edits(lab) == set()
