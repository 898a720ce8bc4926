"""From which candidates the next proposals are made."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.trial import TrialRecord
from agentlab.search.parents import ParentRule, choose_parents

INCUMBENT = Candidate(files={"agent.py": b"incumbent"})
THRIFTY = Candidate(files={"agent.py": b"thrifty"})
BEATEN = Candidate(files={"agent.py": b"beaten"})
BROKEN = Candidate(files={"agent.py": b"broken"})
ALL = {candidate.digest: candidate for candidate in (INCUMBENT, THRIFTY, BEATEN, BROKEN)}


def parents(
    rule: ParentRule,
    make_record: Callable[..., TrialRecord],
    make_decision: Callable[..., Decision],
) -> list[Candidate]:
    records = {
        INCUMBENT.digest: [make_record(success=1.0, context=100)],
        THRIFTY.digest: [make_record(success=0.0, context=10)],
        BEATEN.digest: [make_record(success=0.0, context=200)],
    }
    decisions = [
        make_decision(THRIFTY.digest),
        make_decision(BEATEN.digest),
        make_decision(BROKEN.digest, Verdict.INVALID, "smoke"),
    ]
    return choose_parents(
        rule,
        INCUMBENT,
        decisions=decisions,
        train_records=lambda digest: records.get(digest, []),
        candidate=ALL.__getitem__,
    )


def test_greedy_takes_the_incumbent_alone(
    make_record: Callable[..., TrialRecord], make_decision: Callable[..., Decision]
) -> None:
    assert parents("greedy", make_record, make_decision) == [INCUMBENT]


def test_pareto_adds_what_nothing_beats_and_never_a_broken_one(
    make_record: Callable[..., TrialRecord], make_decision: Callable[..., Decision]
) -> None:
    assert parents("pareto", make_record, make_decision) == [INCUMBENT, THRIFTY]
