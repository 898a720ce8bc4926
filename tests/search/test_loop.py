"""The loop: the same history however it is run, honest ends, broken candidates without children."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab, MetaAgent
from agentlab.core.objective import KeepRule, Objective
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.search.budget import Budget, Spending
from agentlab.search.contest import Contest
from agentlab.search.lab import RunLab
from agentlab.search.loop import Found, Search, SearchSettings
from tests.search.test_contest import BETTER, BROKEN, SAME, WORSE, edited
from tests.search.wiring import BASELINE, BENCH, Wiring

OBJECTIVE = Objective(rule=KeepRule(siblings=2))


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
    wiring: Wiring, agent: MetaAgent, *, budget: Budget | None = None, patience: int | None = None
) -> Found:
    spending = Spending(budget or Budget(candidates=12), elapsed_s=lambda: 0.0)
    lab = RunLab(
        target=BENCH.target,
        objective=OBJECTIVE,
        baseline=BASELINE,
        candidate=wiring.journal.candidate,
    )
    contest = Contest(
        wiring.measuring,
        wiring.schedule,
        objective=OBJECTIVE,
        traits=wiring.traits,
        count=spending.add,
        on_stage=lambda entrant, stage: None,
        on_train=lab.add_train_records,
    )
    settings = SearchSettings(BENCH.target, OBJECTIVE, "greedy", patience, 1, lambda: 0.0)
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


def test_a_conflict_with_a_keep_is_undecided_and_costs_nothing(wiring: Wiring) -> None:
    rival = edited("0.6, 0.3", "0.7, 0.2", "rival")
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


def history(found: Found) -> list[Decision]:
    return list(found.decisions)


def test_the_log_gives_the_same_history_again_without_a_trial(tmp_path: Path) -> None:
    first, second = Wiring(tmp_path / "a"), Wiring(tmp_path / "b")
    one = search(first, MutationAgent())
    first.desk.flush()
    second.journal.trials = first.journal.trials
    second.journal.batches = first.journal.batches
    second.journal.candidates = first.journal.candidates
    two = search(second, MutationAgent())
    assert history(one) == history(two)
    assert second.desk.measured == 0
    first.executor.close()
    second.executor.close()
