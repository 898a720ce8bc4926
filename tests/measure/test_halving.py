"""Who goes on among siblings."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.halving import standings

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
    assert [standing.is_promising for standing in found.values()] == [True, False, False]


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
    assert not any(standing.is_promising for standing in found.values())


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
    assert not found["gives_up"].is_promising
