"""What is written for coding agents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from agentlab.cli.main import app
from agentlab.errors import InputError
from agentlab.experiment.skill import AGENTS, SKILL, SKILL_PLACE, write_skill


def test_a_skill_and_a_section_are_written_once(tmp_path: Path) -> None:
    assert write_skill(tmp_path) == [tmp_path / SKILL_PLACE, tmp_path / "AGENTS.md"]
    assert write_skill(tmp_path) == []
    _, front, _ = (tmp_path / SKILL_PLACE).read_text().split("---\n", 2)
    assert yaml.safe_load(front)["name"] == "agentlab"


def test_what_else_stands_in_agents_md_stays(tmp_path: Path) -> None:
    agents = tmp_path / "AGENTS.md"
    agents.write_text("# Ours\n\nUse tabs.\n")
    write_skill(tmp_path)
    assert agents.read_text() == f"# Ours\n\nUse tabs.\n\n{AGENTS}"
    agents.write_text(agents.read_text().replace("Mend what", "Forget what") + "\n# More\n")
    assert write_skill(tmp_path) == [agents]
    assert agents.read_text() == f"# Ours\n\nUse tabs.\n\n{AGENTS}\n# More\n"


def test_half_a_section_is_refused(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text("<!-- agentlab: begin -->\n")
    with pytest.raises(InputError, match="once each, or neither"):
        write_skill(tmp_path)


def test_every_command_that_it_names_is_there_with_its_options() -> None:
    commands = getattr(get_command(app), "commands")  # noqa: B009 - a group, which typer hides
    named = re.findall(r"`agentlab (\w+)([^`]*)`", SKILL)
    assert len(named) > 5
    for name, rest in named:
        known = {word for option in commands[name].params for word in option.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= known, name
