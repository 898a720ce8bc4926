"""Coding agents as they are installed, behind walls, asking a model on loopback.

They are no dependency of ours. Those on the PATH are tried, and those in the folders that
AGENTLAB_TEST_CLIS names: `AGENTLAB_TEST_CLIS=/venv/of/aider/bin:/venv/of/mini/bin pytest ...`.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.objective import Objective
from agentlab.meta.command.agent import CommandAgent, CommandSettings
from agentlab.meta.command.registry import CLIS, CliName, words_of
from agentlab.sandbox.probe import probe
from agentlab.search.lab import RunLab
from agentlab.testing.model_peer import ModelPeer, PeerReply, PeerRequest, calls_tool, says

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not probe().is_isolated, reason="no walls on this machine"),
]

BEFORE = "KNOB = 0.5\n\n\ndef solve(goal, tools):\n    return KNOB\n"
AFTER = BEFORE.replace("0.5", "0.9")
BASELINE = Candidate(files={"agent.py": BEFORE.encode(), "judge.py": b"LIMIT = 1\n"})
PATH = f"{os.environ.get('AGENTLAB_TEST_CLIS', '')}:{os.environ.get('PATH', '')}"


def propose(name: CliName, peer: ModelPeer, tmp_path: Path) -> tuple[list[Candidate], str]:
    """Returns what one coding agent proposed, and why it did not."""
    words = words_of(CLIS[name].line)
    program = shutil.which(words[0], path=PATH)
    if program is None:
        pytest.skip(f"{name} is not installed; {CLIS[name].install}")
    agent = CommandAgent(
        CommandSettings(
            name=name,
            cli=CLIS[name],
            program=Path(program).absolute(),
            words=tuple(words[1:]),
            model="openai/scripted",
            wall_s=200,
            keys={"OPENAI_API_KEY": "no-key-at-all"},
            variables={
                "OPENAI_API_BASE": peer.url,
                "OPENAI_BASE_URL": peer.url,
                "MSWEA_COST_TRACKING": "ignore_errors",
            },
        ),
        attempts=tmp_path,
    )
    lab = RunLab(
        target=TargetSpec(editable=("agent.py",)),
        objective=Objective(),
        baseline=BASELINE,
        candidate={BASELINE.digest: BASELINE}.__getitem__,
    )
    found = list(agent.propose(lab, [BASELINE], count=1, seed=1))
    (attempt,) = lab.take_reported()
    return found, attempt.failure


def shell(*commands: str) -> ModelPeer:
    """Returns a model that has commands run one after another, and then ends."""
    all_commands = [*commands, "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"]

    def reply(request: PeerRequest) -> PeerReply:
        place = min(request.number, len(all_commands)) - 1
        return calls_tool("bash", {"command": all_commands[place]}, text="THOUGHT: on.")

    return ModelPeer(reply)


def test_aider_edits_the_target(tmp_path: Path) -> None:
    answer = f"agent.py\n```\n{AFTER}```\n\nHypothesis: the knob stands too low\n"
    with ModelPeer([says(answer)]) as peer:
        ((candidate,), failure) = propose("aider", peer, tmp_path)
        assert "Improve it by one coherent change" in peer.requests[0].text
    assert failure == ""
    assert candidate.files == {**BASELINE.files, "agent.py": AFTER.encode()}
    assert candidate.hypothesis == "the knob stands too low"


def test_aider_that_touches_a_frozen_file_is_refused(tmp_path: Path) -> None:
    answer = f"agent.py\n```\n{AFTER}```\n\njudge.py\n```\nLIMIT = 9\n```\n"
    with ModelPeer([says(answer)]) as peer:
        found, failure = propose("aider", peer, tmp_path)
    assert found == []
    assert failure == "judge.py: changed, but frozen (editable: agent.py)"


def test_mini_swe_agent_edits_the_target(tmp_path: Path) -> None:
    with shell(
        "cat .agentlab/brief.md",
        "sed -i s/0.5/0.9/ agent.py",
        "printf 'Turn it up\\nPredicts: better by 0.3\\n' > .agentlab/hypothesis.md",
    ) as peer:
        ((candidate,), failure) = propose("mini-swe-agent", peer, tmp_path)
        assert "Improve it by one coherent change" in str(peer.requests[1].body)
    assert failure == ""
    assert candidate.files == {**BASELINE.files, "agent.py": AFTER.encode()}
    assert candidate.label == "Turn it up"


def test_mini_swe_agent_that_touches_a_frozen_file_is_refused(tmp_path: Path) -> None:
    with shell("sed -i s/0.5/0.9/ agent.py; echo LIMIT = 9 > judge.py; git init .") as peer:
        found, failure = propose("mini-swe-agent", peer, tmp_path)
    assert found == []
    assert "judge.py: changed, but frozen" in failure
    assert ".git: Git's own files may not be written" in failure
