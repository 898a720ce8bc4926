"""Evidence: the same however it is cut into blocks, at the cost of the latest alone."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.bound import parse_bound
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective, Then
from agentlab.measure.e_process import log_e_value
from agentlab.measure.evidence import Evidence, Tally, guard_words
from agentlab.measure.scores import differences
from tests.measure.conftest import MakeRecords

TRAITS = Traits(context_meter="read_tokens")
GUARD = Guard(metric="context_tokens", margin=0.05)

blocks = st.lists(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-1, 1)), max_size=6), max_size=6
)


@given(blocks)
def test_blocks_one_by_one_say_what_all_at_once_say(
    given_blocks: list[list[tuple[str, float]]],
) -> None:
    apart, together = Tally("success"), Tally("success")
    for block in given_blocks:
        apart.add(block)
    together.add([value for block in given_blocks for value in block])
    assert apart.clusters == pytest.approx(together.clusters)
    assert apart.log_e == pytest.approx(together.log_e, abs=1e-9)
    assert apart.log_e == pytest.approx(log_e_value(apart.clusters), abs=1e-9)
    assert apart.pairs == together.pairs


def test_the_latest_block_can_be_told_from_all() -> None:
    tally = Tally("success")
    tally.add([("a", 1.0), ("b", 1.0)])
    tally.add([("c", 0.0), ("d", -1.0)])
    assert (tally.mean, tally.latest, tally.blocks) == (0.25, -0.5, 2)


def test_nothing_seen_is_nothing_shown() -> None:
    tally = Tally("success")
    tally.add([])
    assert (tally.mean, tally.spread, tally.reach, tally.log_e) == (0.0, 0.0, 1.0, 0.0)
    assert tally.sample == ()
    assert not tally.is_broken


def test_more_blocks_of_what_looks_good_bring_evidence_and_of_nothing_none() -> None:
    good, nothing = Tally("success"), Tally("success")
    good.add((str(place), float(place % 4 == 0)) for place in range(20))
    nothing.add((str(place), 0.0) for place in range(20))
    assert good.log_e < good.log_e_in_reach(1) < good.log_e_in_reach(5)
    assert nothing.log_e_in_reach(100) == pytest.approx(0.0)


def test_a_sample_is_binary_where_pairs_are_won_or_lost() -> None:
    lost, graded = Tally("success"), Tally("success")
    lost.add([("a", 1.0), ("b", 0.0), ("c", -1.0)])
    graded.add([("a", 1.0), ("b", 0.5)])
    assert lost.sample[0].is_binary
    assert not graded.sample[0].is_binary


def test_differences_are_those_of_the_final_measurement(make_records: MakeRecords) -> None:
    mine, theirs = make_records([1.0, 1.0, 0.0], context=[50, 70, 90]), make_records([0.0] * 3)
    evidence = Evidence(Objective(), TRAITS)
    for place in range(3):
        evidence.add(mine[place : place + 1], theirs[place : place + 1])
    assert evidence.differences() == differences(mine, theirs, TRAITS)


def test_guards_are_open_until_they_are_shown_and_broken_when_that_is_plain(
    make_records: MakeRecords,
) -> None:
    def evidence_of(context: int, pairs: int) -> Evidence:
        evidence = Evidence(Objective(guards=(GUARD,)), TRAITS)
        evidence.add(make_records([1.0] * pairs, context=context), make_records([1.0] * pairs))
        return evidence

    assert evidence_of(100, 10).open_guards == [GUARD]
    assert evidence_of(100, 100).open_guards == []
    assert evidence_of(150, 10).broken_guards == [GUARD]
    assert guard_words([GUARD, GUARD]) == "context_tokens within 0.05, context_tokens within 0.05"


@pytest.mark.serial
def test_a_look_costs_its_own_block_however_many_came_before(make_records: MakeRecords) -> None:
    evidence = Evidence(Objective(), TRAITS)
    luck = np.random.default_rng(1).integers(0, 2, (2, 10_000)).astype(float).tolist()
    mine, theirs = make_records(luck[0]), make_records(luck[1])
    evidence.add(mine[:-10], theirs[:-10])
    began = time.process_time()
    evidence.add(mine[-10:], theirs[-10:])
    assert evidence.gain.reach > -1
    assert time.process_time() - began < 0.005
    assert evidence.gain.pairs == 10_000


def test_on_another_scale_all_bets_begin_anew() -> None:
    grown, known = Tally("x"), Tally("x")
    first, second = [("a", 1.0), ("b", -1.0)], [("c", 5.0)]
    grown.add(first, scale=2.0)
    assert grown.log_e == pytest.approx(log_e_value(np.array([0.5, -0.5])))
    grown.add(second, scale=10.0)
    known.add([*first, *second], scale=10.0)
    assert grown.log_e == pytest.approx(known.log_e)
    assert grown.log_e == pytest.approx(log_e_value(np.array([0.1, -0.1, 0.5])))
    assert grown.sample[0].scale == 10.0
    assert grown.sample[0].mean == pytest.approx(5 / 3)


def test_a_margin_is_in_the_unit_of_what_is_compared() -> None:
    tally = Tally("x", margin=0.5)
    tally.add([("a", 1.0), ("b", -1.0)], scale=4.0)
    assert tally.log_e == pytest.approx(log_e_value(np.array([0.25, -0.25]), margin=0.125))


def test_bounds_are_guards_too(make_records: MakeRecords) -> None:
    high, cheap = parse_bound("success >= 0.5"), parse_bound("context_tokens <= 1.05x")
    objective = Objective(guards=(high, cheap))
    evidence = Evidence(objective, TRAITS)
    assert evidence.open_guards == [high, cheap]
    solved = [1.0] * 60
    evidence.add(make_records(solved, context=130), make_records(solved, context=100))
    assert evidence.open_guards == [cheap]
    assert evidence.broken_guards == [cheap]
    assert [sample.metric for sample in evidence.tested] == ["success", "context_tokens <= 1.05x"]
    assert guard_words(objective.guards) == "success >= 0.5, context_tokens <= 1.05x"


def test_a_guard_of_the_first_metric_knows_which_way_is_better(make_records: MakeRecords) -> None:
    objective = Objective(minimise="0.01*context_tokens", then=Then(maximise="success"))
    evidence = Evidence(objective, TRAITS)
    evidence.add(make_records([1.0] * 9, context=50), make_records([1.0] * 9, context=100))
    assert evidence.second is not None
    (unharmed,) = evidence.second.guards.values()
    assert (evidence.gain.mean, unharmed.mean) == (0.5, 0.5)


def test_sums_their_parts_and_what_is_guarded_are_told_of(make_records: MakeRecords) -> None:
    objective = Objective(
        maximise="0.5*success + 0.5*progress", guards=(parse_bound("wall_s <= 2x"),)
    )
    evidence = Evidence(objective, TRAITS)
    evidence.add(make_records([1.0] * 5, progress=1.0), make_records([0.0] * 5, progress=0.5))
    found = evidence.differences()
    assert next(iter(found)) == "0.5*success + 0.5*progress"
    assert found["0.5*success + 0.5*progress"].estimate == 0.75
    assert (found["success"].estimate, found["progress"].estimate) == (1.0, 0.5)
    assert "wall_s" in found


def test_what_is_saved_is_told_where_both_solve(make_records: MakeRecords) -> None:
    evidence = Evidence(Objective(), TRAITS)
    evidence.add(make_records([1.0, 0.0], context=60), make_records([1.0, 1.0], context=100))
    assert evidence.saved() == {"context_tokens": pytest.approx(0.4)}
