"""The loop: the same history however it is run, honest ends, broken candidates without children."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab, MetaAgent
from agentlab.core.objective import Objective, PairedRule
from agentlab.meta.canary import CanaryAgent
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.search.budget import Budget, Spending
from agentlab.search.contest import Contest
from agentlab.search.lab import RunLab
from agentlab.search.loop import Found, Search, SearchSettings
from agentlab.search.strategies.strategy import STRATEGIES, StrategyName
from tests.search.test_contest import BETTER, BROKEN, SAME, WORSE, edited
from tests.search.wiring import BASELINE, BENCH, Wiring

OBJECTIVE = Objective(rule=PairedRule(siblings=2, max_blocks=12, worthwhile=0.03))


class Listed:
    """Proposes candidates of a list in order, made from the baseline."""

    name = "listed"

    def __init__(self, *candidates: Candidate) -> None:
        self._candidates = candidates
        self.parents: list[str] = []

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        self.parents += [parent.digest for parent in parents]
        return [c for c in self._candidates if c.digest not in lab.proposed][:count]


def search(
    wiring: Wiring,
    agent: MetaAgent,
    *,
    budget: Budget | None = None,
    patience: int | None = None,
    strategy: StrategyName = "greedy",
    objective: Objective = OBJECTIVE,
    canaries: float = 0.0,
    asks_ahead: bool = True,
) -> Found:
    spending = Spending(budget or Budget(candidates=12), elapsed_s=lambda: 0.0)
    lab = RunLab(
        target=BENCH.target,
        objective=objective,
        baseline=BASELINE,
        candidate=wiring.journal.candidate,
    )
    contest = Contest(
        wiring.measuring,
        wiring.schedule,
        objective=objective,
        traits=wiring.traits,
        count=spending.add,
        on_stage=lambda entrant, stage: None,
        on_train=lab.add_train_records,
    )
    settings = SearchSettings(
        BENCH.target,
        objective,
        STRATEGIES[strategy],
        patience,
        1,
        lambda: 0.0,
        canaries,
        asks_ahead=asks_ahead,
    )
    return Search(
        agent,
        contest,
        wiring.journal,
        lab=lab,
        baseline=BASELINE,
        spending=spending,
        settings=settings,
        on_decision=lambda decision: None,
        elapsed_s=lambda: 0.0,
    ).run()


def verdicts(found: Found) -> dict[str, Verdict]:
    return {decision.label: decision.verdict for decision in found.decisions}


def test_the_better_is_kept_and_numbers_follow_the_proposals(wiring: Wiring) -> None:
    found = search(wiring, Listed(WORSE, BETTER, SAME))
    assert verdicts(found) == {
        "worse": Verdict.DISCARDED,
        "better": Verdict.KEPT,
        "same": Verdict.DISCARDED,
    }
    assert [decision.number for decision in found.decisions] == [1, 2, 3]
    assert found.winner.digest == BETTER.digest
    assert found.stopped_by == "no more proposals"


def test_a_proposal_made_before_a_keep_is_carried_over_to_the_new_incumbent(
    wiring: Wiring,
) -> None:
    late = edited('return "done"', 'return "late"', "late")
    found = search(wiring, Listed(BETTER, SAME, late))
    decision = found.decisions[-1]
    assert decision.label == "late"
    assert decision.incumbent == BETTER.digest
    carried = wiring.journal.candidate(decision.candidate)
    assert b"0.9, 0.1" in carried.files["agent.py"]
    assert b"late" in carried.files["agent.py"]


class Branching:
    """Proposes a stepping stone, something while that is at the gate, then a child of the stone."""

    name = "branching"

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        source = parents[-1].files["agent.py"]
        for label, old, new in (
            ("stone", b"0.6, 0.3", b"0.7, 0.3 + 0.0"),
            ("child", b"0.7, 0.3 + 0.0", b"0.9, 0.1"),
            ("meanwhile", b"done", b"meanwhile"),
            ("later", b"done", b"later"),
        ):
            made = {"agent.py": source.replace(old, new)}
            candidate = Candidate(files=made, parent=parents[-1].digest, label=label)
            if candidate.digest not in lab.proposed:
                return [candidate]
        return []


STRICT = Objective(rule=PairedRule(siblings=1, max_blocks=1, alpha=1e-9))


@pytest.mark.parametrize("strategy", ["tree", "islands"])
def test_a_branch_stands_as_a_whole_against_the_incumbent(
    wiring: Wiring, strategy: StrategyName
) -> None:
    budget = Budget(candidates=4 if strategy == "islands" else 3)
    found = search(wiring, Branching(), strategy=strategy, objective=STRICT, budget=budget)
    stone, child = found.decisions[0], found.decisions[-1]
    assert (stone.label, child.label) == ("stone", "child")
    assert stone.verdict is not Verdict.KEPT
    assert child.incumbent == BASELINE.digest
    assert wiring.journal.candidate(child.candidate).parent == stone.candidate
    assert child.pairs > 0, "it was measured with all that it builds on"


def test_without_branches_an_edit_is_carried_over_to_the_incumbent(wiring: Wiring) -> None:
    found = search(
        wiring, Branching(), strategy="pareto", objective=STRICT, budget=Budget(candidates=3)
    )
    child = found.decisions[-1]
    assert (child.label, child.verdict, child.stage) == ("child", Verdict.UNDECIDED, "static")
    assert child.reason.startswith("conflicts")


def test_numbers_that_were_set_before_a_keep_are_set_in_the_new_incumbent(wiring: Wiring) -> None:
    late = edited("0.6, 0.3", "0.7, 0.3", "late")
    found = search(wiring, Listed(BETTER, SAME, late))
    decision = found.decisions[-1]
    assert (decision.label, decision.incumbent) == ("late", BETTER.digest)
    assert b"0.7, 0.1" in wiring.journal.candidate(decision.candidate).files["agent.py"]


def test_a_conflict_with_a_keep_is_undecided_and_costs_nothing(wiring: Wiring) -> None:
    rival = edited("0.6, 0.3", "0.7 - 0.0, 0.3", "rival")
    found = search(wiring, Listed(BETTER, SAME, rival))
    assert (found.decisions[-1].verdict, found.decisions[-1].trials) == (Verdict.UNDECIDED, 0)


def test_proposals_that_become_the_same_are_measured_once(wiring: Wiring) -> None:
    late = edited('return "done"', 'return "late"', "late")
    both = late.files["agent.py"].replace(b"0.6, 0.3", b"0.9, 0.1")
    twin = late.with_files({"agent.py": both}, parent=BASELINE.digest)
    found = search(wiring, Listed(BETTER, SAME, late, twin))
    first, second = found.decisions[2:]
    assert first.candidate == second.candidate
    assert (second.verdict, second.stage, second.trials) == (Verdict.DISCARDED, "static", 0)
    assert second.reason == "the same as proposal 3"


def test_a_broken_candidate_is_never_a_parent(wiring: Wiring) -> None:
    agent = Listed(BROKEN, edited("KNOBS = (", "KNOBS = ((", "unparsable"), SAME)
    found = search(wiring, agent)
    assert verdicts(found)["broken"] is Verdict.INVALID
    assert verdicts(found)["unparsable"] is Verdict.INVALID
    assert set(agent.parents) == {BASELINE.digest}


def test_a_budget_ends_the_search_by_its_name(wiring: Wiring) -> None:
    assert search(wiring, MutationAgent(), budget=Budget(trials=30)).stopped_by == "budget: trials"


def test_no_more_is_proposed_than_the_budget_holds(wiring: Wiring) -> None:
    found = search(wiring, Listed(WORSE, BETTER, SAME), budget=Budget(candidates=1))
    assert [decision.label for decision in found.decisions] == ["worse"]
    assert found.stopped_by == "budget: candidates"


def test_patience_ends_the_search(wiring: Wiring) -> None:
    found = search(wiring, Listed(WORSE, SAME, BROKEN), patience=2)
    assert found.stopped_by == "2 proposals without a keep"


class OneByOne(Listed):
    """Proposes one at a time, and remembers how much was decided when it was asked."""

    def __init__(self, *candidates: Candidate) -> None:
        super().__init__(*candidates)
        self.decided: list[int] = []

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        self.decided.append(len(lab.decisions))
        return super().propose(lab, parents, count=1, seed=seed)


@pytest.mark.parametrize(("asks_ahead", "decided"), [(True, [0, 0, 1, 2]), (False, [0, 1, 2, 3])])
def test_whoever_waits_for_the_decision_is_asked_after_it(
    asks_ahead: bool, decided: list[int], wiring: Wiring
) -> None:
    agent = OneByOne(WORSE, BETTER, SAME)
    found = search(wiring, agent, asks_ahead=asks_ahead)
    assert agent.decided == decided
    assert found.winner.digest == BETTER.digest


def test_whoever_waits_is_not_asked_for_what_would_not_be_decided(wiring: Wiring) -> None:
    agent = OneByOne(WORSE, SAME, BROKEN)
    found = search(wiring, agent, patience=2, asks_ahead=False)
    assert agent.decided == [0, 1]
    assert found.stopped_by == "2 proposals without a keep"


def history(found: Found) -> list[Decision]:
    return list(found.decisions)


@pytest.mark.parametrize("rule", ["paired", "strict", "greedy"])
def test_the_log_gives_the_same_history_again_without_a_trial(tmp_path: Path, rule: str) -> None:
    few = {} if rule == "greedy" else {"siblings": 2, "max_blocks": 12, "worthwhile": 0.03}
    objective = Objective.model_validate({"rule": {"name": rule, **few}})
    first, second = Wiring(tmp_path / "a"), Wiring(tmp_path / "b")
    one = search(first, MutationAgent(), objective=objective)
    first.desk.flush()
    second.journal.trials = first.journal.trials
    second.journal.batches = first.journal.batches
    second.journal.candidates = first.journal.candidates
    two = search(second, MutationAgent(), objective=objective)
    assert history(one) == history(two)
    assert second.desk.measured == 0
    first.executor.close()
    second.executor.close()


def test_a_canary_goes_beside_the_run_and_is_no_part_of_it(wiring: Wiring) -> None:
    agent = Listed(WORSE, SAME, BETTER, BROKEN)
    found = search(wiring, agent, canaries=0.5, budget=Budget(candidates=4))
    assert {decision.label for decision in found.decisions} == {"worse", "same", "better", "broken"}
    assert found.winner.digest == BETTER.digest
    (canary,) = found.canaries
    assert (canary.source, canary.number, canary.is_canary) == ("canary", 3, True)
    numbers = sorted(one.number for one in (*found.decisions, *found.canaries))
    assert numbers == [1, 2, 3, 4, 5]
    assert sorted(one.number for one in wiring.journal.decisions) == numbers
    assert set(agent.parents) == {BASELINE.digest}, "nobody starts from a canary"
    assert found.stopped_by == "budget: candidates", "of which canaries are none"


def test_a_canary_is_a_copy_of_the_incumbent_of_its_time(wiring: Wiring) -> None:
    found = search(wiring, Listed(BETTER, WORSE, SAME), canaries=0.5, budget=Budget(candidates=3))
    (canary,) = found.canaries
    assert canary.incumbent == BETTER.digest
    assert b"0.9, 0.1" in wiring.journal.candidate(canary.candidate).files["agent.py"]


def test_canaries_do_not_wear_out_patience(wiring: Wiring) -> None:
    found = search(wiring, Listed(WORSE, SAME, BROKEN, BETTER), patience=3, canaries=0.9)
    assert found.canaries
    assert [decision.label for decision in found.decisions][:3] == ["worse", "same", "broken"]


def test_what_a_rule_keeps_of_canaries_takes_nobodys_place(wiring: Wiring) -> None:
    greedy = Objective.model_validate({"rule": "greedy"})
    found = search(wiring, CanaryAgent(), objective=greedy, budget=Budget(candidates=12))
    passed = [decision for decision in found.decisions if decision.is_passed]
    assert passed, "greedy keeps luck"
    assert (found.winner.digest, found.generation) == (BASELINE.digest, 0)
    assert {decision.incumbent for decision in found.decisions} == {BASELINE.digest}


def test_the_log_gives_the_same_canaries_again_without_a_trial(tmp_path: Path) -> None:
    first, second = Wiring(tmp_path / "a"), Wiring(tmp_path / "b")
    one = search(first, MutationAgent(), canaries=0.4)
    first.desk.flush()
    second.journal.trials = first.journal.trials
    second.journal.batches = first.journal.batches
    second.journal.candidates = first.journal.candidates
    two = search(second, MutationAgent(), canaries=0.4)
    assert one.canaries
    assert (one.canaries, one.decisions) == (two.canaries, two.decisions)
    assert second.desk.measured == 0
    first.executor.close()
    second.executor.close()
