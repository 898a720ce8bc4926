"""One batch of siblings against the incumbent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.objective import Objective, Then
from agentlab.core.outcome import Usage
from agentlab.core.trial import Trial, TrialRecord
from agentlab.meta.canary import canary_of
from agentlab.search.contest import Contest, Entrant, StageResult, decide
from agentlab.search.desk import TrialDesk
from agentlab.search.measuring import Measuring
from agentlab.testing.environments.noisy import NoisyEnvironment
from tests.search.arithmetic import Arithmetic
from tests.search.scripted import Scripted
from tests.search.wiring import BASELINE, MemoryJournal, Wiring


def edited(old: str, new: str, label: str) -> Candidate:
    source = BASELINE.files["agent.py"].replace(old.encode(), new.encode())
    assert source != BASELINE.files["agent.py"]
    return Candidate(files={"agent.py": source}, parent=BASELINE.digest, label=label)


SUCCESS = Objective()
BETTER = edited("0.6, 0.3", "0.9, 0.1", "better")
WORSE = edited("0.6, 0.3", "0.1, 0.9", "worse")
SAME = edited('"done"', '"well done"', "same")
BROKEN = edited("for knob", "raise ValueError\n    for knob", "broken")


@pytest.fixture
def contest(wiring: Wiring) -> Contest:
    return contest_of(wiring, wiring.measuring)


def contest_of(
    wiring: Wiring,
    measuring: Measuring,
    *,
    objective: Objective = SUCCESS,
    repeats: bool = False,
    on_train: Callable[[Sequence[TrialRecord]], None] = lambda records: None,
) -> Contest:
    return Contest(
        measuring,
        wiring.schedule,
        objective=objective,
        traits=wiring.traits.model_copy(update={"is_deterministic": repeats}),
        count=len,
        on_stage=lambda entrant, stage: None,
        on_train=on_train,
    )


def entrants(*candidates: Candidate) -> list[Entrant]:
    return [Entrant(number, candidate) for number, candidate in enumerate(candidates, start=1)]


def test_the_better_sibling_is_the_finalist_and_the_others_are_told_why(contest: Contest) -> None:
    finalist, results, trials = contest.halve(entrants(WORSE, BROKEN, BETTER, SAME), BASELINE, 0)
    assert finalist is not None
    assert finalist.candidate is BETTER
    assert results[1].verdict is Verdict.DISCARDED
    assert (results[2].verdict, results[2].stage) == (Verdict.INVALID, "smoke")
    assert "ValueError" in results[2].reason
    assert results[4].verdict is Verdict.DISCARDED
    assert trials[2] == 1
    assert trials[3] > trials[1]


def test_the_gate_keeps_what_is_better_and_lets_go_what_is_not(contest: Contest) -> None:
    kept, cost = contest.gate(Entrant(1, BETTER), BASELINE, 0, earlier=[])
    assert kept.verdict is Verdict.KEPT
    assert kept.e_value is not None
    assert kept.e_value >= 100
    assert cost >= 2 * kept.pairs
    assert contest.gate(Entrant(2, SAME), BASELINE, 0, earlier=[])[0].verdict is Verdict.DISCARDED
    assert contest.gate(Entrant(3, WORSE), BASELINE, 0, earlier=[])[0].verdict is Verdict.DISCARDED


@pytest.mark.parametrize("repeats", [True, False])
def test_spending_is_looked_at_where_the_incumbent_solves_if_outcomes_repeat(
    wiring: Wiring, repeats: bool
) -> None:
    looked: list[TrialRecord] = []
    cheaper = Objective(minimise="context_tokens")
    contest = contest_of(
        wiring, wiring.measuring, objective=cheaper, repeats=repeats, on_train=looked.extend
    )
    contest.halve(entrants(SAME), BASELINE, 0)
    units = {
        digest: {(r.task, r.seed) for r in looked if r.candidate == digest}
        for digest in (BASELINE.digest, SAME.digest)
    }
    solved = {(r.task, r.seed) for r in looked if r.candidate == BASELINE.digest and r.success >= 1}
    assert units[SAME.digest] == (solved if repeats else units[BASELINE.digest])
    assert solved < units[BASELINE.digest]


def test_nobody_promising_means_no_finalist(contest: Contest) -> None:
    finalist, results, _ = contest.halve(entrants(WORSE, SAME), BASELINE, 0)
    assert finalist is None
    assert set(results) == {1, 2}


def test_a_look_measures_its_own_block_and_is_paid_for_once(wiring: Wiring) -> None:
    contest = contest_of(wiring, wiring.measuring)
    _, cost = contest.gate(Entrant(1, SAME), BASELINE, 0, earlier=[])
    assert cost == 2 * len(wiring.schedule.tasks("validation"))


@pytest.mark.parametrize("name", ["greedy", "confirm"])
def test_rules_that_are_no_tests_halve_nothing_and_look_at_one_block_for_all(
    wiring: Wiring, name: str
) -> None:
    objective = Objective.model_validate({"rule": name})
    contest = contest_of(wiring, wiring.measuring, objective=objective)
    finalist, results, trials = contest.halve(entrants(BETTER), BASELINE, 0)
    assert finalist is not None
    assert (results, trials) == ({}, {1: 1})
    kept, _ = contest.gate(finalist, BASELINE, 0, earlier=[])
    assert (kept.verdict, kept.e_value) == (Verdict.KEPT, None)
    assert "no test" in kept.reason
    remembered = measured_of(wiring, BETTER)
    contest.gate(Entrant(2, WORSE), BETTER, 1, earlier=[])
    assert measured_of(wiring, BETTER) == remembered, "the score that it was kept for is the bar"


def measured_of(wiring: Wiring, candidate: Candidate) -> set[str]:
    wiring.desk.flush()
    records = wiring.journal.trials.values()
    return {record.key for record in records if record.candidate == candidate.digest}


def test_a_strict_level_comes_from_what_was_decided_before(
    wiring: Wiring, make_decision: Callable[..., Decision]
) -> None:
    objective = Objective.model_validate({"rule": {"name": "strict", "max_blocks": 4}})
    contest = contest_of(wiring, wiring.measuring, objective=objective)
    finalist = Entrant(1, edited("0.6, 0.3", "0.75, 0.2", "good"))
    first, _ = contest.gate(finalist, BASELINE, 0, earlier=[])
    many = [make_decision("c", stage="gate")] * 5000
    late, _ = contest.gate(finalist, BASELINE, 0, earlier=many)
    assert first.verdict is Verdict.KEPT
    assert late.verdict is Verdict.UNDECIDED


def test_the_decision_tells_all(contest: Contest) -> None:
    result, cost = contest.gate(Entrant(5, BETTER), BASELINE, 0, earlier=[])
    decision = decide(Entrant(5, BETTER), BASELINE, result, cost)
    assert (decision.number, decision.label) == (5, "better")
    assert (decision.candidate, decision.incumbent) == (BETTER.digest, BASELINE.digest)
    assert decision.differences["success"].estimate > 0
    assert decision.trials == cost


def test_a_canary_that_the_rule_would_keep_is_a_false_keep_and_not_kept() -> None:
    canary = canary_of(BASELINE, "canary 3", target=TargetSpec())
    kept = StageResult(Verdict.KEPT, "gate", "better in success", None)
    decision = decide(Entrant(3, canary), BASELINE, kept, 24)
    assert (decision.verdict, decision.canary) == (Verdict.DISCARDED, Verdict.KEPT)
    assert decision.reason == "a false keep: better in success"
    lost = decide(
        Entrant(3, canary), BASELINE, StageResult(Verdict.UNDECIDED, "gate", "so", "noise"), 24
    )
    assert (lost.verdict, lost.canary, lost.reason) == (Verdict.UNDECIDED, Verdict.UNDECIDED, "so")
    assert decide(Entrant(1, BETTER), BASELINE, kept, 24).canary is None


def prepared_by(executor: Scripted, folder: Path) -> Measuring:
    desk = TrialDesk(executor, MemoryJournal(), artefacts=folder)
    return Measuring(desk, bench="b", needs_preparation=True, preparation_seed=1)


def test_a_preparation_that_our_side_lost_is_held_against_nobody(
    wiring: Wiring, tmp_path: Path
) -> None:
    contest = contest_of(wiring, prepared_by(Scripted(loses=3), tmp_path))
    finalist, results, _ = contest.halve(entrants(BETTER), BASELINE, 0)
    assert finalist is None
    assert (results[1].verdict, results[1].stage) == (Verdict.UNDECIDED, "smoke")
    assert "node lost" in results[1].reason


def test_a_preparation_is_charged_to_its_proposal(wiring: Wiring, tmp_path: Path) -> None:
    executor = Scripted(fails=("prepare",))
    contest = contest_of(wiring, prepared_by(executor, tmp_path))
    _, results, trials = contest.halve(entrants(BETTER), BASELINE, 0)
    assert results[1].verdict is Verdict.INVALID
    assert "out of ideas" in results[1].reason
    assert trials == {1: 1}


class Metered(Arithmetic):
    """Ten tokens for each knob that is turned."""

    def _record(self, trial: Trial, candidate: Candidate) -> TrialRecord:
        knobs = candidate.files["agent.py"].partition(b"KNOBS = (")[2].partition(b")")[0]
        usage = Usage(context_tokens=10 * len(knobs.split(b",")))
        return super()._record(trial, candidate).model_copy(update={"usage": usage})


def test_the_same_success_for_fewer_tokens_is_kept_for_the_second_aim(
    wiring: Wiring, tmp_path: Path
) -> None:
    desk = TrialDesk(Metered(NoisyEnvironment()), MemoryJournal(), artefacts=tmp_path)
    measuring = Measuring(desk, bench="b", needs_preparation=False, preparation_seed=1)
    objective = Objective(then=Then(minimise="context_tokens"))
    contest = contest_of(wiring, measuring, objective=objective)
    fewer = edited("0.6, 0.3, 0.5", "0.6, 0.3", "fewer")
    finalist, _, _ = contest.halve(entrants(SAME, fewer), BASELINE, 0)
    assert finalist is not None
    assert finalist.candidate is fewer
    kept, cost = contest.gate(finalist, BASELINE, 0, earlier=[])
    decision = decide(finalist, BASELINE, kept, cost)
    assert decision.verdict is Verdict.KEPT
    assert decision.reason.startswith("same success, 33 % fewer context tokens (e = ")
    assert decision.saved == {"context_tokens": pytest.approx(1 / 3)}
    assert decision.differences["success"].estimate == 0
    assert Decision.model_validate_json(decision.model_dump_json()) == decision


def test_a_decision_that_was_stored_without_savings_is_read(wiring: Wiring) -> None:
    stored = decide(
        Entrant(1, SAME), BASELINE, StageResult(Verdict.DISCARDED, "smoke", "no", "broke"), 1
    ).model_dump(mode="json")
    del stored["saved"]
    assert Decision.model_validate(stored).saved == {}
