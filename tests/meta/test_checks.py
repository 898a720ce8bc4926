"""What a candidate must be before it costs a trial."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.errors import CandidateError
from agentlab.meta.checks import MAX_FILE_BYTES, check_candidate

GOOD = b"def solve(goal, tools):\n    return 1\n"


def changed(baseline: Candidate, **files: bytes) -> Candidate:
    named = {name.replace("__", "/").replace("_py", ".py"): data for name, data in files.items()}
    return Candidate(files={**baseline.files, **named}, parent=baseline.digest)


def problems(candidate: Candidate, baseline: Candidate, target: TargetSpec | None = None) -> str:
    with pytest.raises(CandidateError) as caught:
        check_candidate(candidate, baseline, target or TargetSpec())
    return str(caught.value)


def test_an_edit_of_an_editable_file_passes(baseline: Candidate) -> None:
    check_candidate(changed(baseline, agent_py=GOOD), baseline, TargetSpec())


def test_a_new_file_within_the_pattern_passes(baseline: Candidate) -> None:
    check_candidate(changed(baseline, words_py=b"X = 1\n"), baseline, TargetSpec())


def test_a_frozen_file_must_not_change(baseline: Candidate) -> None:
    candidate = Candidate(files={**baseline.files, "frozen.txt": b"touched"})
    assert "frozen.txt: changed, but frozen" in problems(candidate, baseline)


def test_a_frozen_file_must_not_vanish(baseline: Candidate) -> None:
    candidate = Candidate(files={"agent.py": GOOD})
    assert "frozen.txt: added or removed" in problems(candidate, baseline)


@pytest.mark.parametrize(
    "path", ["../x.py", "/etc/x.py", ".git/x.py", "a//b.py", "a\\b.py", "a/./b.py", "\x1b.py"]
)
def test_a_path_that_is_not_plain_is_refused(baseline: Candidate, path: str) -> None:
    candidate = Candidate(files={**baseline.files, path: b""})
    assert "not a plain relative path" in problems(candidate, baseline)


@pytest.mark.parametrize("source", [b"def solve(:\n", b"x = '\0'\n", b"(" * 500])
def test_source_that_does_not_parse_is_refused(baseline: Candidate, source: bytes) -> None:
    assert "does not parse" in problems(changed(baseline, agent_py=source), baseline)


def test_the_entry_must_still_be_there(baseline: Candidate) -> None:
    assert "defines no 'solve'" in problems(changed(baseline, agent_py=b"x = 1\n"), baseline)


def test_an_undeclared_import_is_refused_and_a_declared_one_passes(baseline: Candidate) -> None:
    candidate = changed(baseline, agent_py=b"import numpy\n" + GOOD)
    assert "imports 'numpy'" in problems(candidate, baseline)
    check_candidate(candidate, baseline, TargetSpec(packages=("numpy",)))


def test_a_file_may_import_its_siblings(baseline: Candidate) -> None:
    candidate = changed(baseline, agent_py=b"import words\n" + GOOD, words_py=b"X = 1\n")
    check_candidate(candidate, baseline, TargetSpec())


def test_a_huge_file_is_refused(baseline: Candidate) -> None:
    huge = GOOD + b"#" * MAX_FILE_BYTES
    assert "more than" in problems(changed(baseline, agent_py=huge), baseline)


def test_all_problems_are_told_at_once(baseline: Candidate) -> None:
    candidate = Candidate(files={"agent.py": b"import numpy\n", "../x": b""})
    said = problems(candidate, baseline)
    assert all(words in said for words in ("frozen.txt", "numpy", "'../x'", "solve"))
