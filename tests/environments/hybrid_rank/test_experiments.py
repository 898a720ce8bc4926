"""The experiments that ship: what was kept at full length is kept again by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.progress import Silent
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.session import run_experiment
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.hybrid_rank.world import TARGET

TINY = (
    "budget.candidates=6",
    "budget.wall_s=null",
    "executor.kind=inline",
    "meta=[{kind: ideas, folder: FOLDER}]",
)


@pytest.mark.timeout(300)
@pytest.mark.slow
@pytest.mark.usefixtures("called")
def test_a_bundle_of_ideas_is_kept_and_lifts_the_sealed_test(tmp_path: Path) -> None:
    for name in ("016-not-what-is-denied", "021-where-they-stay", "026-in-other-words"):
        file = find_folder("experiments/ideas/hybrid_rank") / f"{name}.md"
        (tmp_path / file.name).write_bytes(file.read_bytes())
    settings = [setting.replace("FOLDER", str(tmp_path)) for setting in TINY]
    experiment = load_experiment(find_experiment("hybrid_rank"), settings)

    result = run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())

    assert result.verdict.startswith("improved")
    assert result.baseline.test["mrr"].estimate >= 0.9


def test_both_experiments_name_the_same_world_target_and_bank() -> None:
    one, two = (
        load_experiment(find_experiment(name)) for name in ("hybrid_rank", "hybrid_rank_rounds")
    )

    assert (one.environment, one.target, one.meta, one.objective) == (
        two.environment,
        two.target,
        two.meta,
        two.objective,
    )
    assert set(one.target.components or ()) == {"ranking", "metadata"}


def test_an_idea_changes_one_component_alone() -> None:
    for idea in read_bank(find_folder("experiments/ideas/hybrid_rank")):
        files = apply_idea(idea, TARGET)
        assert files is not None
        assert sum(files[name] != TARGET[name] for name in TARGET) == 1, idea.name
