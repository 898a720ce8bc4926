"""The bank of ideas that ships for code search."""

from __future__ import annotations

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.code_search.conftest import FOLDER
from tests.retrieval.playing import files_of

SPEC = TargetSpec(
    prepare="agent.py:prepare", editable=("ranker.py", "text.py"), packages=("numpy",)
)


def test_every_idea_fits_the_target_and_passes_the_static_checks() -> None:
    found = read_bank(find_folder("experiments/ideas/code_search"))
    written_against = Candidate(files=files_of(FOLDER / "target"))

    assert len(found) == 14
    assert IdeasAgent(found, written_against=written_against).misfits == ()
    for idea in found:
        files = apply_idea(idea, written_against.files)
        assert files is not None
        changed = written_against.with_files(files, parent=written_against.digest)
        check_candidate(changed, written_against, SPEC)
