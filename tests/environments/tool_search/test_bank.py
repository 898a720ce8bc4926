"""The banks of ideas that ship for tool search."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.tool_search.conftest import FOLDER
from tests.retrieval.playing import files_of

SPEC = TargetSpec(
    prepare="agent.py:prepare", editable=("ranker.py", "bm25.py"), packages=("numpy",)
)


@pytest.mark.parametrize(
    ("bank", "target", "ideas"),
    [("tool_search", "target", 18), ("bm25_only", "targets/bm25", 14)],
)
def test_every_idea_fits_its_target_and_passes_the_static_checks(
    bank: str, target: str, ideas: int
) -> None:
    found = read_bank(find_folder(f"experiments/ideas/{bank}"))
    written_against = Candidate(files=files_of(FOLDER / target))

    assert len(found) == ideas
    assert all(len(idea.hypothesis) > 60 and "language model" in idea.author for idea in found)
    assert IdeasAgent(found, written_against=written_against).misfits == ()
    for idea in found:
        files = apply_idea(idea, written_against.files)
        assert files is not None
        changed = written_against.with_files(files, parent=written_against.digest)
        check_candidate(changed, written_against, SPEC)
