"""Copies that behave as what they are copies of, and are candidates of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.meta_agent import MetaAgent
from agentlab.errors import CandidateError
from agentlab.meta.canary import CanaryAgent, canary_of, marked_file
from agentlab.meta.normal_form import normal_form
from agentlab.testing.meta_agent_suite import MetaAgentSuite


class TestCanaryAgent(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> MetaAgent:
        return CanaryAgent()


SOURCES = st.sampled_from(
    [b"", b"x = 1", b"x = 1\n", b"x = 1\r\n", b"x = '''a\n# b'''", b"if x:\n    y = 1  # why"]
)


@given(SOURCES, st.integers(0, 999))
def test_a_copy_is_another_candidate_that_no_interpreter_can_tell_apart(
    source: bytes, number: int
) -> None:
    original = Candidate(files={"agent.py": source, "words.txt": b"one"})
    copy = canary_of(original, f"canary {number}", target=TargetSpec())

    assert copy.is_canary
    assert not original.is_canary
    assert copy.digest != original.digest
    assert copy.parent == original.digest
    assert normal_form(copy) == normal_form(original)
    assert copy.files["words.txt"] == original.files["words.txt"]


def test_the_mark_stands_in_a_python_file_that_may_be_edited() -> None:
    files = {"a.txt": b"", "b.py": b"", "c.py": b""}

    assert marked_file(files, TargetSpec()) == "b.py"
    assert marked_file(files, TargetSpec(editable=("c.py", "*.txt"))) == "c.py"
    assert marked_file(files, TargetSpec(editable=("*.txt",))) is None


def test_where_a_comment_would_be_read_there_is_no_canary() -> None:
    prompts = Candidate(files={"agent.py": b"", "prompt.md": b"Be kind."})
    with pytest.raises(CandidateError, match="no editable Python file"):
        canary_of(prompts, "canary 1", target=TargetSpec(editable=("prompt.md",)))
