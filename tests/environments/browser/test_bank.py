"""The bank of ideas that ships for the browser's target."""

from __future__ import annotations

from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import read_bank

ROOT = Path(__file__).parents[3]
BANK = read_bank(ROOT / "experiments/ideas/browser")
TARGET = Candidate(files={"agent.py": (ROOT / "environments/browser/target/agent.py").read_bytes()})


def test_it_holds_thirty_ideas_and_more_each_with_a_hypothesis_and_its_author() -> None:
    assert len(BANK) >= 30
    assert all(len(idea.hypothesis) > 40 and "language model" in idea.author for idea in BANK)


def test_every_idea_fits_the_default_target_and_passes_the_static_checks() -> None:
    assert IdeasAgent(BANK, written_against=TARGET).misfits == ()
    for idea in BANK:
        files = apply_idea(idea, TARGET.files)
        assert files is not None
        changed = TARGET.with_files(files, parent=TARGET.digest)
        check_candidate(changed, TARGET, TargetSpec(entry="agent.py:solve"))


def test_the_target_is_a_first_hour_s_work() -> None:
    assert 60 <= len(TARGET.files["agent.py"].splitlines()) <= 120
