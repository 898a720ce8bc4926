from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate, TargetSpec, files_digest

FILES = {"agent.py": b"def solve(goal, tools): ...\n", "data/table.bin": b"\x00\xff"}


def test_the_same_files_are_the_same_candidate() -> None:
    first = Candidate(files=FILES, label="first", hypothesis="it helps")
    second = Candidate(files=dict(reversed(FILES.items())), source="ideas", parent="0" * 32)

    assert first.digest == second.digest == files_digest(FILES)


@pytest.mark.parametrize(
    "other",
    [
        {**FILES, "agent.py": b"changed"},
        {**FILES, "more.py": b""},
        {"agent.py": FILES["agent.py"]},
        {"renamed.py": FILES["agent.py"], "data/table.bin": FILES["data/table.bin"]},
    ],
    ids=["changed", "added", "removed", "renamed"],
)
def test_other_files_are_another_candidate(other: dict[str, bytes]) -> None:
    assert files_digest(other) != files_digest(FILES)


def test_a_rebased_proposal_keeps_its_words_and_gets_a_new_address() -> None:
    proposal = Candidate(files=FILES, hypothesis="shorter", source="ideas", label="trim")
    before = proposal.digest

    rebased = proposal.with_files({"agent.py": b"merged"}, parent="1" * 32)

    assert rebased.digest == files_digest({"agent.py": b"merged"}) != before
    assert rebased.parent == "1" * 32
    assert (rebased.hypothesis, rebased.source, rebased.label) == ("shorter", "ideas", "trim")
    assert proposal.digest == before


@pytest.mark.parametrize(
    ("path", "is_editable"),
    [("agent.py", True), ("policy/steps.py", True), ("weights.bin", False), ("agent.pyc", False)],
)
def test_patterns_say_what_may_be_edited(path: str, is_editable: bool) -> None:
    assert TargetSpec().is_editable(path) is is_editable


def test_a_frozen_file_is_not_editable() -> None:
    spec = TargetSpec(editable=("policy/*.py",))

    assert spec.is_editable("policy/steps.py")
    assert not spec.is_editable("agent.py")
