from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_it_says_what_it_wrote(project: Path, agentlab_call: Callable[..., Any]) -> None:
    answer = agentlab_call("init", "--skill")
    assert answer.code == 0
    assert answer.out == ".claude/skills/agentlab/SKILL.md\nAGENTS.md\n"
    assert agentlab_call("init", "--skill", "--json").json == {"written": []}


def test_without_a_word_on_what_it_is_refused(
    project: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("init")
    assert answer.code == 2
    assert "--skill" in answer.err
