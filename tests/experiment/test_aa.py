"""The real loop on candidates that change nothing on average."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.task import SplitName
from agentlab.experiment.aa import false_keeps_told
from agentlab.testing.environments.noisy import NoisyEnvironment
from agentlab.trials.executor import Finished
from tests.experiment.in_process import decisions_in, run_in_process, trials_in
from tests.experiment.noisy_run import noisy_experiment
from tests.experiment.test_run import Watching
from tests.search.arithmetic import Arithmetic

AA = noisy_experiment().for_aa(24)


class Killed(BaseException):
    """As if the power had gone."""


class Mortal(Arithmetic):
    """Dies after so many trials."""

    def next_finished(self, timeout_s: float) -> Finished | None:
        if self.measured >= 150:
            raise Killed
        return super().next_finished(timeout_s)


def test_the_rate_is_told_with_what_the_rule_promises(tmp_path: Path) -> None:
    result = run_in_process(AA, tmp_path / "aa")
    found = result.canaries
    assert found is not None
    assert (found.asked, found.at_gate, found.varied) == (24, 6, 24)
    assert found.kept <= 1
    assert found.expected == pytest.approx(0.06)
    assert result.verdict.startswith(f"A/A: {found.kept} of 24 candidates")
    assert result.stopped_by == "budget: candidates"


def test_nothing_takes_the_incumbents_place_and_the_test_stays_sealed(tmp_path: Path) -> None:
    greedy = noisy_experiment(objective={"rule": "greedy"}).for_aa(20)
    result = run_in_process(greedy, tmp_path / "aa")
    decisions = decisions_in(tmp_path / "aa")
    assert [one.number for one in decisions] == list(range(1, 21))
    assert all(one.is_canary and one.verdict is not Verdict.KEPT for one in decisions)
    assert result.canaries is not None
    assert result.canaries.kept == sum(one.is_passed for one in decisions) > 0
    assert result.canaries.expected is None
    assert {one.incumbent for one in decisions} == {result.winner_digest}
    assert result.kept == ()
    assert not any(record.split == "test" for record in trials_in(tmp_path / "aa"))


def test_killed_it_goes_on_to_the_same_rate(tmp_path: Path) -> None:
    whole = run_in_process(AA, tmp_path / "whole")
    with pytest.raises(Killed):
        run_in_process(AA, tmp_path / "cut", executor=Mortal(NoisyEnvironment()))
    left = Arithmetic(NoisyEnvironment())
    again = run_in_process(AA, tmp_path / "cut", executor=left)
    assert again.canaries == whole.canaries
    assert decisions_in(tmp_path / "cut") == decisions_in(tmp_path / "whole")
    assert 0 < left.measured < whole.trials


class Certain(NoisyEnvironment):
    """A world in which everybody always succeeds."""

    def __init__(self) -> None:
        super().__init__((0.6, 0.3, 0.5))


def test_where_nothing_is_left_to_luck_it_says_so(tmp_path: Path) -> None:
    certain = noisy_experiment(environment=f"{__name__}:Certain").for_aa(8)
    result = run_in_process(certain, tmp_path / "aa")
    assert result.canaries is not None
    assert (result.canaries.varied, result.canaries.kept) == (0, 0)
    assert result.verdict.startswith("A/A proves nothing: no outcome of 8 candidates differed")


class Fixed(NoisyEnvironment):
    """A data set: the same outcome whenever it is asked."""

    traits = Traits(is_seeded=False, is_deterministic=True)

    def tasks(self, split: SplitName) -> list:  # type: ignore[type-arg]
        task = super().tasks(split)[0]
        group = f"{task.group}-{split}"
        return [task.model_copy(update={"id": f"{group}-{n}", "group": group}) for n in range(60)]


def test_fixed_data_that_never_change_have_an_aa_all_the_same(tmp_path: Path) -> None:
    fixed = noisy_experiment(environment=f"{__name__}:Fixed", objective={"rule": "gate"})
    result = run_in_process(fixed.for_aa(16), tmp_path / "aa")
    assert result.canaries is not None
    assert (result.canaries.varied, result.canaries.is_seeded) == (16, False)
    assert result.canaries.kept <= 1


def test_a_run_that_keeps_a_canary_says_so_where_nobody_misses_it(tmp_path: Path) -> None:
    watching = Watching()
    greedy = noisy_experiment(
        objective={"rule": "greedy"}, search={"canaries": 0.6}, budget={"candidates": 8}
    )
    result = run_in_process(greedy, tmp_path / "run", observer=watching)
    found = result.canaries
    assert found is not None
    assert found.kept > 0
    assert result.verdict.endswith(
        f"; but the gate would also have kept {found.kept} of {found.asked} canaries, which change "
        "nothing on average"
    )
    assert sum("a false keep" in note for note in watching.notes) == found.kept
    assert not any(kept.is_canary for kept in result.kept)
    assert result.candidates.proposed == 8
    assert false_keeps_told(found.model_copy(update={"kept": 0})) == ""


def test_the_winner_is_measured_again_on_seeds_that_decided_nothing(tmp_path: Path) -> None:
    result = run_in_process(noisy_experiment(budget={"candidates": 16}), tmp_path / "run")
    assert result.kept
    found = result.remeasured
    assert found is not None
    assert found.again == result.difference.validation["success"]
    assert found.at_gate.estimate == pytest.approx(
        sum(kept.differences["success"].estimate for kept in result.kept)
    )
    seeds: dict[bool, set[tuple[str, int]]] = {True: set(), False: set()}
    for record in trials_in(tmp_path / "run"):
        seeds["final" in record.cluster].add((record.task, record.seed))
    assert seeds[True]
    assert not seeds[True] & seeds[False]


def test_the_budget_of_errors_counts_what_came_to_the_gate(tmp_path: Path) -> None:
    result = run_in_process(noisy_experiment(), tmp_path / "run")
    at_gate = sum(one.stage == "gate" for one in decisions_in(tmp_path / "run"))
    assert result.error_budget is not None
    assert result.error_budget.tested == at_gate > 0
    assert result.error_budget.false_keeps == pytest.approx(0.01 * at_gate)


def test_an_aa_leaves_caps_on_money_and_drops_those_of_a_search() -> None:
    experiment = noisy_experiment(
        name="n" * 64,
        budget={"candidates": 4, "wall_s": 9, "trials": 9, "cost_usd": 2.5},
        search={"strategy": "tree", "patience": 3, "canaries": 0.1},
        measure={"baselines": ["random"]},
    )
    made = experiment.for_aa(30)
    assert made.is_aa
    assert not experiment.is_aa
    assert made.name == f"{'n' * 61}-aa"
    assert made.budget.model_dump(exclude_none=True) == {"candidates": 30, "cost_usd": 2.5}
    assert (made.search.strategy, made.search.patience, made.search.canaries) == ("greedy", None, 0)
    assert made.measure.baselines == ()
    assert made.objective == experiment.objective
    assert type(made).model_validate(made.model_dump(mode="json")) == made
