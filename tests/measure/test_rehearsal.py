"""What is read off the trials before the first proposal."""

from __future__ import annotations

from agentlab.core.objective import Guard, Objective
from agentlab.measure.rehearsal import Planned, Rehearsal, clusters_per_block, is_binary, metrics_of
from tests.measure.test_noise import trial, trials

PLANNED = Planned(
    tasks=10, train_tasks=10, has_fresh_seeds=True, trials_per_s=10.0, accepts_noise=False
)


def test_a_block_has_a_cluster_for_each_validation_task() -> None:
    assert clusters_per_block(Rehearsal(trials([1, 0, 1, 0])), "success", PLANNED) == 10


def test_what_is_spent_has_clusters_only_where_the_target_solves() -> None:
    rehearsal = Rehearsal(trials([1, 0, 1, 0]))
    assert clusters_per_block(rehearsal, "context_tokens", PLANNED) == 5
    assert clusters_per_block(Rehearsal(trials([0, 0])), "context_tokens", PLANNED) == 0
    seldom = Rehearsal(trials([1] + [0] * 39))
    assert clusters_per_block(seldom, "context_tokens", PLANNED) == 1, "seldom is not never"


def test_fixed_data_have_the_clusters_of_validation() -> None:
    rehearsal = Rehearsal(trials([1]), validation=[trial(f"v{n}", 0, 1) for n in range(3)])
    fixed = PLANNED._replace(has_fresh_seeds=False, tasks=3)
    assert clusters_per_block(rehearsal, "success", fixed) == 3


def test_a_graded_success_is_no_game_of_wins_and_losses() -> None:
    assert is_binary(trials([1, 0]), "success")
    assert not is_binary(trials([1, 0.5]), "success")
    assert not is_binary(trials([1, 0]), "steps")


def test_the_objective_comes_first_and_nothing_twice() -> None:
    objective = Objective(minimise="steps", guards=(Guard(metric="success", margin=0.1),))
    assert metrics_of(objective) == ["steps", "success"]


def test_all_records_are_told() -> None:
    one = trials([1])
    assert len(Rehearsal(one, one, (one, one), one, one, one).records) == 7
