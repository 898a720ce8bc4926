"""From what an experiment says of a coding agent to how it is asked, and a run with one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.progress import Silent
from agentlab.errors import InputError, ProposerDown
from agentlab.experiment.commands import command_settings
from agentlab.experiment.config import CommandConfig
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.sandbox.probe import probe
from agentlab.store.run_folder import RunFolder
from agentlab.testing.commands import write_command
from tests.experiment.noisy_run import brief_experiment


def config(**given: Any) -> CommandConfig:
    return CommandConfig.model_validate({"kind": "command", "cli": "generic", **given})


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_command(tmp_path / "my-agent", "pass")


def test_what_the_file_says_is_how_it_is_asked(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "secret")
    settings = command_settings(
        config(
            line=f"{program} --at {{worktree}}",
            keys=["MY_KEY"],
            mounts=[str(tmp_path)],
            isolated=False,
            wall_s=5,
        )
    )
    assert (settings.name, settings.program) == ("generic", program)
    assert settings.words == ("--at", "{worktree}")
    assert settings.keys == {"MY_KEY": "secret"}
    assert settings.mounts == (tmp_path,)
    assert settings.wall_s == 5


def test_the_usual_keys_are_handed_on_where_they_are_set(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    program.rename(program.with_name("aider"))
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert command_settings(config(cli="aider", isolated=False)).keys["OPENAI_API_KEY"] == "x"
    assert "ANTHROPIC_API_KEY" not in command_settings(config(cli="aider", isolated=False)).keys


def test_all_that_is_missing_is_told_at_once_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError) as caught:
        command_settings(
            config(cli="aider", keys=["NO_SUCH_KEY"], mounts=["/no/such"], isolated=False),
            "meta.0.",
        )
    assert caught.value.problems == (
        "meta.0.cli: there is no program 'aider' on the PATH; install it: pip install aider-chat",
        "meta.0.keys: the environment variable NO_SUCH_KEY is not set",
        "meta.0.mounts: there is no /no/such",
    )


EDIT = """
file = worktree / "agent.py"
file.write_text(file.read_text().replace("(0.6, 0.3, 0.5)", "(0.9, 0.1, 0.6)"))
hypothesis("The optimum\\nPredicts: better by 0.3")
"""


@pytest.mark.usefixtures("called")
@pytest.mark.skipif(not probe().is_isolated, reason="no walls on this machine")
def test_a_coding_agent_behind_walls_has_its_edit_measured_and_kept(tmp_path: Path) -> None:
    program = write_command(tmp_path / "my-agent", EDIT)
    experiment = brief_experiment(
        meta=[{"kind": "command", "cli": "generic", "line": str(program), "network": False}],
        budget={"candidates": 1},
    )
    result = run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())
    assert result.candidates.kept == 1
    (attempt,) = (tmp_path / "runs" / result.run / "attempts").glob("*.json")
    kept = json.loads(attempt.read_text())
    assert "Rewrite the target" in kept["brief"]
    assert kept["hypothesis"].startswith("The optimum")


@pytest.mark.usefixtures("called")
def test_one_that_does_not_work_ends_the_run_which_goes_on_once_it_does(tmp_path: Path) -> None:
    program = write_command(tmp_path / "my-agent", "print('out of credit'); sys.exit(1)")
    experiment = brief_experiment(
        meta=[{"kind": "command", "cli": "generic", "line": str(program), "isolated": False}],
        budget={"candidates": 1},
    )
    with pytest.raises(ProposerDown, match=r"generic did not work 3 times in a row.*out of credit"):
        run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())
    write_command(program, EDIT)
    (folder,) = (tmp_path / "runs").iterdir()
    result = resume_run(RunFolder(folder), observer=Silent())
    assert result.candidates.kept == 1


@pytest.mark.usefixtures("called")
def test_a_tampered_file_is_refused_and_said_so(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "agent.py").write_text(
        Path("agentlab/testing/environments/targets/noisy/agent.py").read_text()
    )
    (target / "judge.py").write_text("# frozen\n")
    program = write_command(
        tmp_path / "my-agent", f"{EDIT}(worktree / 'judge.py').write_text('# mine')"
    )
    experiment = brief_experiment(
        meta=[{"kind": "command", "cli": "generic", "line": str(program), "isolated": False}],
        target={"path": str(target), "editable": ["agent.py"]},
        budget={"candidates": 1},
    )
    result = run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())
    assert result.candidates.proposed == 0
    assert "judge.py: changed, but frozen (editable: agent.py)" in result.stopped_by
