from __future__ import annotations

import subprocess
from pathlib import Path

from agentlab.testing.commands import write_command


def test_it_is_a_program_that_knows_its_attempt_and_leaves_a_hypothesis(tmp_path: Path) -> None:
    (tmp_path / ".agentlab").mkdir()
    (tmp_path / ".agentlab/brief.md").write_text("improve it")
    source = "(worktree / 'out').write_text(f'{brief} {seed} {attempt}')\nhypothesis('it helps')\n"
    program = write_command(tmp_path / "my-agent", source)
    variables = {"AGENTLAB_SEED": "7", "AGENTLAB_ATTEMPT": "2"}
    subprocess.run([program], cwd=tmp_path, env=variables, check=True)
    assert (tmp_path / "out").read_text() == "improve it 7 2"
    assert (tmp_path / ".agentlab/hypothesis.md").read_text() == "it helps"
