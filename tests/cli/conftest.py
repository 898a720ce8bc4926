"""One finished run for all who read, and a command line in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import agentlab.testing
from agentlab.cli.main import call

TARGET = Path(agentlab.testing.__file__).parent / "environments/targets/noisy"

EXPERIMENT = f"""\
# Three knobs.
name: noisy
environment: agentlab.testing.environments.noisy:NoisyEnvironment
target: {TARGET}
meta: [{{kind: ideas, folder: ideas}}]
objective: {{rule: {{max_blocks: 12, worthwhile: 0.03}}}}
budget: {{candidates: 2}}
executor: {{kind: inline}}
sandbox: plain
measure: {{final_blocks: 5}}
accept: [cache]
"""

IDEA = """\
---
title: "{title}"
hypothesis: "{hypothesis}"
author: a test
---
```edit agent.py
<<<<<<< SEARCH
KNOBS = (0.6, 0.3, 0.5)
=======
KNOBS = {knobs}
>>>>>>> REPLACE
```
"""


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Answer]


def write_experiment(folder: Path) -> None:
    (folder / "noisy.yaml").write_text(EXPERIMENT)
    ideas = folder / "ideas"
    ideas.mkdir()
    good = IDEA.format(
        title="the \\e[2Joptimum", hypothesis="it is there <b>", knobs="(0.9, 0.1, 0.6)"
    )
    bad = IDEA.format(title="the far end", hypothesis="none", knobs="(0.0, 1.0, 0.0)")
    (ideas / "good.md").write_text(good)
    (ideas / "worse.md").write_text(bad)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a project with an experiment; it is the current folder."""
    write_experiment(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def agentlab_call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Returns the command line, run in this process."""

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        code = call(arguments)
        return Answer(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a project in which one run was finished; nobody changes it."""
    folder = tmp_path_factory.mktemp("finished")
    write_experiment(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert call(["run", "noisy.yaml"]) == 0
    return folder


@pytest.fixture
def in_finished(finished: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes the project with the finished run the current folder."""
    monkeypatch.chdir(finished)
    return finished
