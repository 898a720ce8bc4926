"""What a meta-agent sees of a run."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.search.lab import RunLab

BASELINE = Candidate(files={"agent.py": b"x = 1\n"})
OTHER = BASELINE.with_files({"agent.py": b"x = 2\n"}, parent=BASELINE.digest)


def lab() -> RunLab:
    return RunLab(
        target=TargetSpec(),
        objective=Objective(),
        baseline=BASELINE,
        candidate={BASELINE.digest: BASELINE, OTHER.digest: OTHER}.__getitem__,
    )


def test_the_baseline_counts_as_proposed() -> None:
    made = lab()
    assert made.proposed == {BASELINE.digest}
    made.add_proposed([OTHER])
    assert made.proposed == {BASELINE.digest, OTHER.digest}
    assert made.candidate(OTHER.digest) is OTHER


def test_a_train_trial_that_is_seen_twice_is_there_once(
    make_record: Callable[..., TrialRecord],
) -> None:
    made = lab()
    for _ in range(2):
        made.add_train_records([make_record("c", key="a"), make_record("c", key="b")])
    assert [record.key for record in made.train_records("c")] == ["a", "b"]
    assert made.train_records("unknown") == ()


def test_decisions_come_in_their_order(make_decision: Callable[..., Decision]) -> None:
    made = lab()
    made.add_decisions([make_decision("a"), make_decision("b")])
    assert [decision.candidate for decision in made.decisions] == ["a", "b"]
    assert made.target == TargetSpec()
    assert made.objective.metric == "success"


def test_a_round_begins_with_no_decisions_of_its_own_and_all_that_was_proposed(
    make_decision: Callable[..., Decision],
) -> None:
    made, narrower = lab(), TargetSpec(editable=("agent.py",))
    made.add_proposed([OTHER])
    made.add_decisions([make_decision(OTHER.digest)])
    made.begin_round(narrower)
    assert (list(made.decisions), made.target) == ([], narrower)
    assert OTHER.digest in made.proposed
    made.add_decisions([make_decision("later")])
    assert [one.candidate for one in made.decisions] == ["later"]
    assert [one.candidate for one in made.history] == [OTHER.digest, "later"]


def test_what_was_never_decided_may_be_proposed_again() -> None:
    made = lab()
    made.add_proposed([OTHER])
    made.forget_proposed([OTHER])
    assert made.proposed == {BASELINE.digest}
