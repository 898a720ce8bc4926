"""The bank of ideas that ships for the robot's target."""

from __future__ import annotations

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.agent import IdeasAgent, apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.robot.world import FOLDER

BANK = read_bank(find_folder("experiments/ideas/robot"))
TARGET = Candidate(files={"agent.py": (FOLDER / "target/agent.py").read_bytes()})


def test_it_holds_thirty_ideas_and_more_each_with_a_hypothesis_and_its_author() -> None:
    assert len(BANK) >= 30
    assert all(len(idea.hypothesis) > 40 and "language model" in idea.author for idea in BANK)


def test_every_idea_fits_the_target_and_passes_the_static_checks() -> None:
    assert IdeasAgent(BANK, written_against=TARGET).misfits == ()
    for idea in BANK:
        files = apply_idea(idea, TARGET.files)
        assert files is not None
        changed = TARGET.with_files(files, parent=TARGET.digest)
        check_candidate(changed, TARGET, TargetSpec(entry="agent.py:solve"))
