"""The experiments that ship, with fewer proposals: what they keep, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Decision, Verdict
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.experiment.build import build_world
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.session import run_experiment
from agentlab.store.run_folder import list_runs
from tests.experiment.in_process import decisions_in

QUICK = ("executor.kind=inline", "budget.wall_s=null", "accept=[noise, cache]")


def run(name: str, folder: Path, *overrides: str) -> tuple[RunResult, list[Decision]]:
    pytest.importorskip("onnxruntime")
    experiment = load_experiment(find_experiment(name), [*QUICK, *overrides])
    result = run_experiment(experiment, runs=folder, observer=Silent())
    (place,) = list_runs(folder)
    return result, decisions_in(place.path)


@pytest.mark.timeout(300)
def test_a_map_that_helps_where_it_was_taught_is_refused_for_what_it_does_elsewhere(
    tmp_path: Path,
) -> None:
    result, decisions = run("unseen_tools", tmp_path)

    (refused,) = (one for one in decisions if one.stage == "gate")
    assert refused.verdict is Verdict.DISCARDED
    assert refused.reason.endswith("the hidden split does not agree")
    assert not result.verdict.startswith("improved")


@pytest.mark.timeout(300)
def test_the_same_map_is_kept_where_single_queries_are_held_out(tmp_path: Path) -> None:
    result, decisions = run("unseen_tools", tmp_path, "environment.options.split_by=none")

    (kept,) = (one for one in decisions if one.verdict is Verdict.KEPT)
    assert kept.source == "ideas"
    assert result.verdict.startswith("improved")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["tool_search", "bm25_only"])
def test_its_first_keep_comes_within_a_dozen_proposals(name: str, tmp_path: Path) -> None:
    _, decisions = run(name, tmp_path, "budget.candidates=12")

    assert any(decision.verdict is Verdict.KEPT for decision in decisions)


@pytest.mark.parametrize(
    "name", ["tool_search_gauntlet", "gauntlet/actions", "gauntlet/scoped", "gauntlet/connectors"]
)
def test_it_can_be_built(name: str) -> None:
    experiment = load_experiment(
        find_experiment(name), ["environment.options.embedder=hash", "executor.kind=inline"]
    )

    world = build_world(experiment)

    assert all(world.tasks.values())
