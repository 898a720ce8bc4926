"""The 2x2: what it calls coupled, what it does not, and how often it is wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.measure.coupling import (
    CornerRecords,
    Reading,
    Square,
    corners_of,
    read_square,
    square_of,
)

SUCCESS = Objective()
Chances = tuple[float, float, float, float]
"""Of neither change, the earlier, the later, both."""

TRAP: Chances = (0.41, 0.57, 0.71, 0.49)
ADDITIVE: Chances = (0.3, 0.5, 0.5, 0.7)
BREAKS_ALL: Chances = (0.2, 0.8, 0.0, 0.0)


def corner(name: str, values: Sequence[float], *, tokens: Sequence[int] = ()) -> list[TrialRecord]:
    return [
        TrialRecord(
            key=f"{name}{place}",
            bench="b",
            candidate=name,
            task="t",
            seed=place,
            cluster=f"t#{place}",
            fate=Fate.SOLVED if value else Fate.FAILED,
            outcome=Outcome(success=value),
            usage=Usage(context_tokens=tokens[place] if tokens else 0),
        )
        for place, value in enumerate(values)
    ]


def drawn(chances: Chances, size: int, seed: int = 1) -> Square:
    """Returns what independent draws of four corners come to: the noisiest pairing there is."""
    generator = random.Random(seed)
    values = [[float(generator.random() < chance) for _ in range(size)] for chance in chances]
    return square_of(CornerRecords(*(corner(str(p), v) for p, v in enumerate(values))), SUCCESS)


def read(chances: Chances, size: int, *, is_kept: bool, seed: int = 1) -> Reading:
    return read_square(drawn(chances, size, seed), SUCCESS, is_kept=is_kept)


def test_the_contrast_is_the_gain_beside_the_other_change_minus_the_gain_without() -> None:
    records = CornerRecords(
        corner("n", [0, 0, 1]),
        corner("e", [1, 0, 1]),
        corner("l", [1, 1, 1]),
        corner("b", [0, 1, 1]),
    )
    square = square_of(records, SUCCESS)
    assert square.alone.tolist() == [1, 1, 0]
    assert square.on_top.tolist() == [-1, 1, 0]
    assert square.interaction.tolist() == [-2, 0, 0]
    assert square.pairs == 3


def test_a_pair_that_one_corner_lacks_is_left_out() -> None:
    records = CornerRecords(
        corner("n", [0, 0]), corner("e", [1]), corner("l", [1, 1]), corner("b", [0, 1])
    )
    assert square_of(records, SUCCESS).pairs == 1


def test_fewer_tokens_are_a_gain_and_compared_where_both_solve() -> None:
    objective = Objective(minimise="context_tokens")
    records = CornerRecords(
        corner("n", [1, 1], tokens=[100, 100]),
        corner("e", [1, 1], tokens=[80, 80]),
        corner("l", [1, 0], tokens=[50, 50]),
        corner("b", [1, 1], tokens=[80, 80]),
    )
    square = square_of(records, objective)
    assert square.alone.tolist() == [0.5]
    assert square.on_top.tolist() == [0.0]


def test_a_failure_that_helps_without_the_earlier_change_is_coupled() -> None:
    reading = read(TRAP, 500, is_kept=False)
    assert reading.finding == "coupled"
    assert reading.alone is not None
    assert reading.on_top is not None
    assert reading.interaction is not None
    assert reading.alone.low > 0 > reading.on_top.estimate
    assert reading.interaction.high < 0
    assert reading.interaction.estimate == pytest.approx(
        reading.on_top.estimate - reading.alone.estimate
    )


def test_a_failure_that_breaks_everything_is_not_called_coupled() -> None:
    reading = read(BREAKS_ALL, 500, is_kept=False)
    assert reading.e_value > 1e6, "it loses more where there is more to lose"
    assert reading.finding == "undecided"


def test_what_was_kept_is_coupled_in_either_direction() -> None:
    assert read(TRAP, 500, is_kept=True).finding == "coupled"
    assert read((0.3, 0.3, 0.3, 0.7), 500, is_kept=True).finding == "coupled"


def test_without_an_interaction_enough_trials_say_independent_and_few_say_nothing() -> None:
    assert read(ADDITIVE, 2000, is_kept=True).finding == "independent"
    assert read(ADDITIVE, 20, is_kept=True).finding == "undecided"


def test_changes_that_do_nothing_are_independent_soon() -> None:
    nothing = Square(np.zeros(160), np.zeros(160), 160)
    reading = read_square(nothing, SUCCESS, is_kept=True)
    assert reading.finding == "independent"
    assert reading.e_value == pytest.approx(1.0)


def test_what_adds_up_is_seldom_called_coupled_however_often_one_looks() -> None:
    runs, looks, size = 300, 12, 20
    generator = np.random.default_rng(1)
    false = 0
    for _ in range(runs):
        corners = (generator.random((looks * size, 4)) < ADDITIVE).astype(float)
        alone, on_top = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
        false += any(
            read_square(Square(alone[:seen], on_top[:seen], seen), SUCCESS, is_kept=True).finding
            == "coupled"
            for seen in range(size, looks * size + 1, size)
        )
    # 1 % of 300, and three standard deviations of that.
    assert false <= 3 + 3 * 1.7


def square(alone: Sequence[float], on_top: Sequence[float]) -> Square:
    return Square(np.array(alone), np.array(on_top), len(alone))


def test_promise_is_above_0_only_for_what_gains_alone_and_less_beside() -> None:
    assert square([0.5, 0.5], [0.0, 0.0]).promise == 0.5
    assert square([0.2, 0.2], [0.3, 0.3]).promise < 0
    assert square([-0.2, -0.2], [-0.6, -0.6]).promise < 0
    assert square([], []).promise == 0


def test_what_looks_bad_by_luck_is_still_in_reach_and_what_is_bad_is_not() -> None:
    unlucky = square([0, 1, -1, 0, 0, -1], [0, 0, 0, 0, 0, 0])
    assert unlucky.promise < 0 < unlucky.reach
    assert square([-1] * 5 + [0], [0] * 6).reach < 0


def test_corners_are_scores_and_missing_where_one_has_none() -> None:
    full = CornerRecords(
        corner("n", [0, 0]), corner("e", [1, 0]), corner("l", [1, 1]), corner("b", [0, 1])
    )
    corners = corners_of(full, SUCCESS)
    assert corners is not None
    assert (corners.neither.estimate, corners.later.estimate) == (0.0, 1.0)
    assert corners_of(full._replace(both=[]), SUCCESS) is None
