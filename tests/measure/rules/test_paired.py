"""`paired`: keep what is shown, discard what is out of reach, else say undecided."""

from __future__ import annotations

import numpy as np
import pytest

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective, PairedRule
from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.paired import Paired
from agentlab.measure.rules.rule import Case, Reading
from tests.measure.conftest import MakeRecords

TRAITS = Traits(context_meter="read_tokens")
RULE = PairedRule(max_blocks=12, worthwhile=0.03)


def read(
    candidate: list[TrialRecord],
    incumbent: list[TrialRecord],
    objective: Objective,
    *,
    is_last: bool = False,
) -> Reading:
    evidence = Evidence(objective, TRAITS)
    evidence.add(candidate, incumbent)
    return Paired(RULE).read(Case(evidence, evidence, 0 if is_last else 11, ()))


def test_clear_improvement_is_kept(make_records: MakeRecords) -> None:
    reading = read(make_records([1.0] * 20), make_records([0.0] * 20), Objective())
    assert reading.verdict is Verdict.KEPT
    assert reading.e_value is not None
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


def test_the_last_block_need_not_come_where_it_could_show_nothing(
    make_records: MakeRecords,
) -> None:
    evidence = Evidence(Objective(), TRAITS)
    evidence.add(make_records([1.0] + [0.0] * 19), make_records([0.0] * 20))
    rule = Paired(RULE)
    assert rule.read(Case(evidence, evidence, 40, ())).verdict is None
    early = rule.read(Case(evidence, evidence, 1, ()))
    assert early.verdict is Verdict.UNDECIDED
    assert "more blocks would not show it" in early.reason


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_what_is_no_better_is_kept_less_often_than_alpha_however_often_one_looks(
    share: float,
) -> None:
    kept, rule = 0, Paired(PairedRule(alpha=0.05))
    for seed in range(200):
        generator, evidence = np.random.default_rng(seed), Evidence(Objective(), TRAITS)
        for block in range(24):
            drawn = generator.choice([-1.0, 0.0, 1.0], size=20, p=[share / 2, 1 - share, share / 2])
            evidence.gain.add((f"{block}/{task}", value) for task, value in enumerate(drawn))
            reading = rule.read(Case(evidence, evidence, 23 - block, ()))
            if reading.verdict is not None:
                break
        assert reading.verdict is not None
        kept += reading.verdict is Verdict.KEPT
    # 10 of 200 are the bound; a binomial with p = 0.05 stays below 19 in 99.5 %.
    assert kept < 19


@pytest.mark.parametrize(("tasks", "verdict"), [(60, Verdict.UNDECIDED), (30, Verdict.KEPT)])
def test_tasks_that_speak_for_others_must_agree(tasks: int, verdict: Verdict) -> None:
    """A few tasks win on every seed, others lose as plainly: better here, by their choice alone."""
    evidence, wins, losses = Evidence(Objective(), TRAITS), 0.35 * tasks, 0.2 * tasks
    gains = [1.0 if task < wins else -float(task < wins + losses) for task in range(tasks)]
    for block in range(40):
        names = [str(task) for task in range(tasks)]
        evidence.gain.add(((f"{block}/{name}", gains[int(name)]) for name in names), names)
    assert evidence.gain.log_e > np.log(100)
    reading = Paired(RULE).read(Case(evidence, evidence, 0, ()))
    assert reading.verdict is verdict
    assert (verdict is Verdict.KEPT) or "unlike from task to task" in reading.reason
