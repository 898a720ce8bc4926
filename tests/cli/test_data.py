"""A malformed line of the data ends each command before anything is measured."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlab.testing.environments import ranker

pytestmark = pytest.mark.usefixtures("called")

LAST = 40_000
TARGET = Path(ranker.__file__).parent / "targets/ranker"


def write_ranking(folder: Path) -> None:
    """Writes an experiment on 40,000 queries, the last of which is malformed."""
    (folder / "data").mkdir()
    shutil.copy(Path(ranker.__file__).parent / "data/documents.jsonl", folder / "data")
    queries = [
        {"id": f"q{n}", "group": f"g{n % 90}", "text": f"list {n}", "relevant": "list_invoice"}
        for n in range(LAST)
    ]
    queries[-1]["text"] = queries[-1].pop("relevant") + "\x1b[2J"
    with (folder / "data/queries.jsonl").open("w") as file:
        file.writelines(json.dumps(query) + "\n" for query in queries)
    (folder / "ranking.yaml").write_text(
        f"""\
name: ranking
environment:
  reference: agentlab.testing.environments.ranker:RankerEnvironment
  options: {{data: data}}
target: {{path: {TARGET}, prepare: "agent.py:prepare"}}
meta: [mutation]
budget: {{candidates: 1}}
executor: {{kind: inline}}
sandbox: plain
"""
    )


@pytest.fixture
def lab(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a project with a finished run, a good benchmark and one with malformed data."""
    project = tmp_path / "project"
    shutil.copytree(finished, project)
    monkeypatch.chdir(project)
    write_ranking(project)
    return project


@pytest.mark.parametrize(
    "command",
    [
        ("check", "ranking.yaml"),
        ("run", "ranking.yaml"),
        ("promote", "latest", "--benchmarks", "noisy.yaml", "ranking.yaml"),
        ("promote", "latest", "--benchmarks", "ranking.yaml", "noisy.yaml"),
    ],
    ids=lambda command: f"{command[0]} {command[-1]}",
)
def test_line_40000_is_told_with_its_place_before_anything_is_measured(
    lab: Path, agentlab_call: Callable[..., Any], command: tuple[str, ...]
) -> None:
    before = sorted(lab.rglob("*"))
    answer = agentlab_call(*command)
    assert (answer.code, answer.out) == (2, "")
    assert "data/queries.jsonl:40000: relevant: is required\n" in answer.err
    assert answer.err.count("error: ") == 1
    assert "Traceback" not in answer.err
    assert sorted(lab.rglob("*")) == before, "no run, no trial, no record"


def test_what_the_line_holds_does_not_reach_the_screen(
    lab: Path, agentlab_call: Callable[..., Any]
) -> None:
    line = {"id": "q", "group": "\x1b[2J\n", "text": "\u202ex" * 500, "relevant": 7, "\x07b": 1}
    (lab / "data/queries.jsonl").write_text(json.dumps(line))
    answer = agentlab_call("check", "ranking.yaml")
    assert answer.code == 2
    assert not set(answer.err) & set("\x1b\x07\u202e")
    assert answer.err.count("\n") == 1
    assert len(answer.err) < 400
    (problem,) = agentlab_call("check", "ranking.yaml", "--json").json["error"]["problems"]
    assert problem.startswith("data/queries.jsonl:1: relevant: must be a string (given: 7); ")
    assert problem.isprintable()
