"""Which trials are shown: the one that failed most, and the one that did best."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.search.pictures import worst_and_best


def record(seed: int, success: float, **more: object) -> TrialRecord:
    outcome = Outcome.model_validate({"success": success, **more})
    fate = Fate.SOLVED if success >= 1 else Fate.FAILED
    return TrialRecord(
        key=str(seed), bench="b", candidate="c", seed=seed, fate=fate, outcome=outcome
    )


def seeds(records: list[TrialRecord], objective: Objective | None = None) -> dict[str, int]:
    found = worst_and_best(records, objective or Objective())
    return {which: chosen.seed for which, chosen in found}


def test_the_worst_is_the_lowest_and_the_best_the_highest() -> None:
    assert seeds([record(1, 0.5), record(2, 0.1), record(3, 0.9)]) == {"worst": 2, "best": 3}


def test_where_all_succeed_there_is_no_worst() -> None:
    assert seeds([record(1, 1), record(2, 1)]) == {"best": 1}


def test_where_there_is_one_that_failed_it_is_the_worst() -> None:
    assert seeds([record(1, 0)]) == {"worst": 1}


def test_of_those_that_fail_alike_progress_decides() -> None:
    found = seeds(
        [record(1, 0, progress=0.6), record(2, 0, progress=0.2), record(3, 0, progress=0.7)]
    )
    assert found == {"worst": 2, "best": 3}


def test_of_those_that_solve_alike_the_second_aim_decides() -> None:
    objective = Objective.model_validate({"then": {"minimise": "energy"}})
    records = [record(seed, 1, metrics={"energy": energy}) for seed, energy in ((1, 9), (2, 4))]
    assert seeds(records, objective) == {"best": 2}


def test_a_trial_that_crashed_is_worse_than_one_that_failed() -> None:
    crashed = TrialRecord(key="9", bench="b", candidate="c", seed=9, fate=Fate.CRASHED)
    assert seeds([record(1, 0, progress=0.1), crashed]) == {"worst": 9, "best": 1}


def test_what_our_side_broke_is_not_shown() -> None:
    lost = TrialRecord(key="9", bench="b", candidate="c", seed=9, fate=Fate.INFRA)
    assert seeds([lost]) == {}
    assert seeds([lost, record(1, 0.2)]) == {"worst": 1}


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_nothing_is_below_the_worst_or_above_the_best(values: list[tuple[float, float]]) -> None:
    records = [record(seed, *pair[:1], progress=pair[1]) for seed, pair in enumerate(values)]
    found = dict(worst_and_best(records, Objective()))
    if "worst" in found:
        assert found["worst"].success == min(success for success, _ in values) < 1
    if "best" in found:
        assert found["best"].success == max(success for success, _ in values)
    assert len({chosen.seed for chosen in found.values()}) == len(found) > 0
