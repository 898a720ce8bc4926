"""Who goes on among siblings."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.bound import parse_bound
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective, Then
from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.measure.halving import (
    Standing,
    is_promising,
    scored_higher,
    standings,
    survivors,
)

MakeRecords = Callable[..., list[TrialRecord]]
TRAITS = Traits(context_meter="read_tokens")


def test_the_best_sibling_stands_first_and_only_gains_are_promising(
    make_records: MakeRecords,
) -> None:
    found = standings(
        {
            "same": make_records([1.0, 0.0, 0.0]),
            "best": make_records([1.0, 1.0, 1.0]),
            "worse": make_records([0.0, 0.0, 0.0]),
        },
        make_records([1.0, 0.0, 0.0]),
        objective=Objective(),
        traits=TRAITS,
    )
    assert list(found) == ["best", "same", "worse"]
    assert survivors(found, worthwhile=0.01) == ["best"]


def test_graded_progress_breaks_ties_but_promises_nothing(make_records: MakeRecords) -> None:
    found = standings(
        {
            "near": make_records([0.0, 0.0], progress=0.9),
            "far": make_records([0.0, 0.0], progress=0.1),
        },
        make_records([0.0, 0.0], progress=0.5),
        objective=Objective(),
        traits=TRAITS,
    )
    assert list(found) == ["near", "far"]
    assert survivors(found, worthwhile=0.0) == []


def test_where_the_incumbent_solves_all_more_progress_goes_on(make_records: MakeRecords) -> None:
    def going_on(incumbent: list[float]) -> list[str]:
        found = standings(
            {
                "nearer": make_records(incumbent, progress=0.9),
                "lost one": make_records([0.0, *incumbent[1:]], progress=1.0),
                "the same": make_records(incumbent, progress=0.8),
            },
            make_records(incumbent, progress=0.8),
            objective=Objective(),
            traits=TRAITS,
        )
        return survivors(found, worthwhile=0.2)

    assert going_on([1.0] * 6) == ["nearer"], "those pairs cannot show more success"
    assert going_on([1.0] * 5 + [0.0]) == [], "the last pair could have, and did not"


def test_where_nobody_solves_anything_the_nearest_stands_first(
    make_records: MakeRecords,
) -> None:
    found = standings(
        {
            "crashed": make_records([0.0, 0.0], fate=Fate.CRASHED),
            "far": make_records([0.0, 0.0], progress=0.25),
            "near": make_records([0.0, 0.0], progress=0.75),
        },
        make_records([0.0, 0.0], progress=0.5),
        objective=Objective(),
        traits=TRAITS,
    )
    assert {name: standing.progress for name, standing in found.items()} == {
        "near": 0.25,
        "far": -0.25,
        "crashed": -0.5,
    }
    assert list(found) == ["near", "far", "crashed"]
    assert survivors(found, worthwhile=0.01) == [], "the gate has no use"


def test_what_is_solved_without_a_grade_is_no_step_back(make_records: MakeRecords) -> None:
    found = standings(
        {"solves": make_records([1.0, 1.0])},
        make_records([0.0, 0.0], progress=0.75),
        objective=Objective(),
        traits=TRAITS,
    )
    assert found["solves"].progress == 0.25


def test_a_pair_that_our_side_lost_moves_no_progress(make_records: MakeRecords) -> None:
    near = make_records([0.0], progress=1.0)
    far = make_records([0.0, 0.0], progress=0.5)[1:]
    found = standings(
        {"same": [*make_records([None]), *far]},
        [*near, *far],
        objective=Objective(),
        traits=TRAITS,
    )
    assert found["same"].progress == 0.0


def test_a_guard_that_looks_broken_comes_last_however_large_the_gain(
    make_records: MakeRecords,
) -> None:
    objective = Objective(minimise="context_tokens", guards=(Guard(metric="success", margin=0.05),))
    found = standings(
        {
            "gives_up": make_records([1.0, 0.0, 0.0], context=1),
            "thrifty": make_records([1.0, 1.0, 1.0], context=90),
        },
        make_records([1.0, 1.0, 1.0], context=100),
        objective=objective,
        traits=TRAITS,
    )
    assert list(found) == ["thrifty", "gives_up"]
    assert not is_promising(found["gives_up"], worthwhile=0.0)


def test_a_loss_that_may_be_luck_goes_on_and_a_plain_one_does_not(
    make_records: MakeRecords,
) -> None:
    found = standings(
        {
            "unlucky": make_records([1.0] * 9 + [0.0] * 11),
            "harmed": make_records([0.0] * 20),
            "one_worse": make_records([1.0] * 9 + [0.0] * 11),
        },
        make_records([0.0] + [1.0] * 10 + [0.0] * 9),
        objective=Objective(),
        traits=TRAITS,
    )
    assert found["unlucky"].gain < 0 < found["unlucky"].reach
    assert survivors(found, worthwhile=0.01) == ["unlucky", "one_worse"]


def test_the_better_half_goes_on_if_what_is_worthwhile_is_within_its_reach() -> None:
    ranking = {
        "a": Standing(True, 0.3, 0.0, 0.4),
        "b": Standing(True, 0.0, 0.0, 0.02),
        "c": Standing(True, -0.1, 0.0, 0.3),
    }
    assert survivors(ranking, worthwhile=0.01) == ["a", "b"]
    assert survivors(ranking, worthwhile=0.05) == ["a"]


def test_who_saves_at_the_same_success_is_promising_where_that_comes_second(
    make_records: MakeRecords,
) -> None:
    same = [1.0, 1.0, 0.0]
    found = standings(
        {
            "same": make_records(same),
            "cheap": make_records(same, context=60),
            "cheap but worse": make_records([0.0, 0.0, 0.0], context=1),
        },
        make_records(same, context=100),
        objective=Objective(then=Then(minimise="context_tokens")),
        traits=TRAITS,
    )
    assert list(found) == ["cheap", "same", "cheap but worse"]
    assert survivors(found, worthwhile=0.01) == ["cheap"]
    assert scored_higher(found["cheap"])
    assert not scored_higher(found["same"])
    assert not scored_higher(found["cheap but worse"])


def test_a_bound_that_is_plainly_broken_is_no_promise(make_records: MakeRecords) -> None:
    def standing(context: int) -> Standing:
        objective = Objective(guards=(parse_bound("context_tokens <= 1.05x"),))
        mine, theirs = make_records([1.0] * 6, context=context), make_records([1.0] * 6)
        return standings({"x": mine}, theirs, objective=objective, traits=TRAITS)["x"]

    assert standing(104).keeps_guards
    assert not standing(150).keeps_guards
