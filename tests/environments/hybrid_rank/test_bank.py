"""The bank of ideas that ships for the target of hybrid_rank."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.hybrid_rank.world import TARGET

BANK = read_bank(find_folder("experiments/ideas/hybrid_rank"))
NAIVE = Candidate(files=dict(TARGET))

PUBLISHED = {
    "001-larger-pool",
    "002-title-match",
    "003-density",
    "004-square-root-damping",
    "006-shrinkage-off",
    "007-exponential",
    "008-weights-by-type",
    "009-general-words-weigh-more",
}


def test_it_holds_the_published_ablations_and_more_each_with_a_hypothesis() -> None:
    assert len(BANK) >= 25
    assert {idea.name for idea in BANK} >= PUBLISHED
    assert all(len(idea.hypothesis) > 40 and "language model" in idea.author for idea in BANK)


def test_both_components_have_ideas() -> None:
    changed = set()
    for idea in BANK:
        files = apply_idea(idea, TARGET)
        assert files is not None
        changed |= {name for name in files if files[name] != TARGET[name]}

    assert changed == {"metadata.py", "ranker.py"}


def test_every_idea_fits_the_target_and_passes_the_static_checks() -> None:
    spec = TargetSpec(
        entry="agent.py:solve", editable=("ranker.py", "metadata.py"), packages=("numpy",)
    )

    assert IdeasAgent(BANK, written_against=NAIVE).misfits == ()
    for idea in BANK:
        files = apply_idea(idea, TARGET)
        assert files is not None
        check_candidate(NAIVE.with_files(files, parent=NAIVE.digest), NAIVE, spec)


@pytest.mark.parametrize("name", ["017-mean-of-words"])
def test_what_is_to_change_nothing_is_there_too(name: str) -> None:
    (idea,) = (idea for idea in BANK if idea.name == name)

    assert "no difference" in idea.hypothesis
