"""The keep rule: keep what is shown, discard what is out of reach, else say undecided."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.measure.gate import GateReading, read_gate

MakeRecords = Callable[..., list[TrialRecord]]

TRAITS = Traits(context_meter="read_tokens")


def read(
    candidate: list[TrialRecord],
    incumbent: list[TrialRecord],
    objective: Objective,
    *,
    is_last: bool = False,
) -> GateReading:
    return read_gate(
        candidate, incumbent, objective=objective, traits=TRAITS, blocks=1, is_last=is_last
    )


def test_clear_improvement_is_kept(make_records: MakeRecords) -> None:
    reading = read(make_records([1.0] * 20), make_records([0.0] * 20), Objective())
    assert reading.verdict is Verdict.KEPT
    assert reading.e_value > 100


def test_no_change_at_all_is_discarded_for_futility(make_records: MakeRecords) -> None:
    same = [1.0, 0.0] * 10
    reading = read(make_records(same), make_records(same), Objective())
    assert reading.verdict is Verdict.DISCARDED
    assert "out of reach" in reading.reason


def test_a_few_wins_ask_for_another_block(make_records: MakeRecords) -> None:
    reading = read(make_records([1.0] * 3 + [0.0] * 17), make_records([0.0] * 20), Objective())
    assert reading.verdict is None


def test_the_last_block_ends_undecided(make_records: MakeRecords) -> None:
    candidate, incumbent = make_records([1.0] * 3 + [0.0] * 17), make_records([0.0] * 20)
    assert read(candidate, incumbent, Objective(), is_last=True).verdict is Verdict.UNDECIDED


def test_trials_lost_to_our_side_are_left_out_on_both_sides(make_records: MakeRecords) -> None:
    candidate = make_records([None] * 5 + [1.0] * 15)
    reading = read(candidate, make_records([0.0] * 20), Objective())
    assert reading.pairs == 15


def test_crashes_count_as_failures(make_records: MakeRecords) -> None:
    crashed = make_records([0.0] * 20, fate=Fate.CRASHED)
    reading = read(crashed, make_records([1.0] * 20), Objective())
    assert reading.verdict is Verdict.DISCARDED


def test_fewer_tokens_at_equal_success_are_kept_once_the_guard_is_shown(
    make_records: MakeRecords,
) -> None:
    objective = Objective(minimise="context_tokens", guards=(Guard(metric="success", margin=0.05),))
    few, many = [1.0] * 40, [1.0] * 120
    early = read(make_records(few, context=60), make_records(few, context=100), objective)
    assert early.verdict is None
    late = read(make_records(many, context=60), make_records(many, context=100), objective)
    assert late.verdict is Verdict.KEPT


def test_fewer_tokens_at_lower_success_break_the_guard(make_records: MakeRecords) -> None:
    objective = Objective(minimise="context_tokens", guards=(Guard(metric="success", margin=0.05),))
    candidate = make_records([1.0, 0.0] * 20, context=10)
    reading = read(candidate, make_records([1.0] * 40), objective)
    assert reading.verdict is Verdict.DISCARDED
    assert "guard broken: success" in reading.reason


def test_context_is_compared_only_where_both_solve(make_records: MakeRecords) -> None:
    objective = Objective(minimise="context_tokens")
    candidate = make_records([1.0] * 10 + [0.0] * 10, context=[100] * 10 + [1] * 10)
    reading = read(candidate, make_records([1.0] * 20), objective)
    assert reading.verdict is Verdict.DISCARDED
    assert reading.pairs == 10
