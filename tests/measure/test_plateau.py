from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.ceiling import EditKind
from agentlab.core.decision import Verdict
from agentlab.core.result import Detectable
from agentlab.measure.plateau import RARE, chance_of_next, plateau_of, stretch_needed
from tests.measure.decided import decided

NOISE = "e = 2 of 100 after 240 pairs: neither shown nor ruled out"


def test_the_stretch_begins_after_the_last_keep() -> None:
    decisions = [
        decided(1),
        decided(2, Verdict.KEPT, "gate"),
        decided(3),
        decided(4, Verdict.KEPT, "gate"),
        decided(5),
        decided(6),
        decided(7, Verdict.UNDECIDED, "gate", reason=NOISE),
    ]
    kinds: dict[int, EditKind] = {1: "numbers", 5: "numbers", 6: "structure"}
    plateau = plateau_of(decisions, kinds, None)

    assert (plateau.kept, plateau.all.proposals) == (2, 3)
    assert (plateau.numbers.proposals, plateau.structure.proposals) == (1, 2)
    assert (plateau.at_gate, plateau.open_at_gate) == (1, 1)
    assert plateau.missed is None


def test_what_was_never_tried_tells_nothing_of_the_chance() -> None:
    decisions = [
        decided(1, Verdict.INVALID, "static"),
        decided(2, Verdict.DISCARDED, "static", reason="the same as proposal 1"),
        decided(3, Verdict.UNDECIDED, "smoke", reason="its first trial infra: died"),
        decided(4, Verdict.INVALID, "smoke", reason="its first trial crashed: KeyError"),
    ]
    assert plateau_of(decisions, {}, None).all.proposals == 1


def test_a_run_without_proposals_knows_nothing() -> None:
    plateau = plateau_of([], {}, None)
    assert plateau.all.chance == 1.0
    assert not plateau.all.is_flat


def test_what_may_have_been_missed_is_what_the_gate_could_not_show() -> None:
    seen = Detectable(metric="steps", improvement=0.07, is_relative=True, pairs=240)
    plateau = plateau_of([decided(1)], {}, seen)
    assert (plateau.missed, plateau.is_relative) == (0.07, True)


@pytest.mark.parametrize(
    ("proposals", "kept", "chance"),
    [
        # 1 - 0.025: all of the first stretch's share on one proposal.
        (1, 0, 0.975),
        # (1 - p)^2 = 0.025.
        (2, 0, 1 - 0.025**0.5),
        # The second stretch has 1/6 of the 5 %.
        (10, 1, 1 - (0.05 / 6) ** 0.1),
    ],
)
def test_the_chance_by_hand(proposals: int, kept: int, chance: float) -> None:
    assert chance_of_next(proposals, kept) == pytest.approx(chance)


def test_a_plateau_begins_where_one_of_ten_is_ruled_out() -> None:
    needed = stretch_needed(0)
    decisions = [decided(number) for number in range(1, needed + 1)]
    assert plateau_of(decisions, {}, None).all.is_flat
    assert not plateau_of(decisions[:-1], {}, None).all.is_flat


@given(st.integers(1, 400), st.integers(0, 20))
def test_more_flat_proposals_leave_less_and_more_keeps_ask_for_more(n: int, kept: int) -> None:
    assert chance_of_next(n + 1, kept) < chance_of_next(n, kept)
    assert chance_of_next(n, kept) < chance_of_next(n, kept + 1) <= 1


def test_a_search_that_stops_at_its_first_long_stretch_is_rarely_wrong() -> None:
    """Patience picks the stretch that was long by luck; the bound holds all the same."""
    draw, wrong, runs, true = random.Random(1), 0, 2000, 0.12
    for _ in range(runs):
        kept = stretch = 0
        for _ in range(400):
            is_kept = draw.random() < true
            kept, stretch = (kept + 1, 0) if is_kept else (kept, stretch + 1)
            if chance_of_next(stretch, kept) <= RARE:
                wrong += 1
                break
    assert wrong / runs <= 0.05
