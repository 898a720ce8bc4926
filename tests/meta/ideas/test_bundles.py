"""Ideas that help only together."""

from __future__ import annotations

import random
from itertools import islice

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.meta.ideas.bundles import best_of, bundles, gains
from tests.meta.plain_lab import PlainLab


def record(candidate: str, success: float, progress: float | None, seed: int = 0) -> TrialRecord:
    return TrialRecord(
        key=f"{candidate}{seed}",
        bench="b",
        candidate=candidate,
        task="t",
        split="train",
        seed=seed,
        fate=Fate.SOLVED if success else Fate.FAILED,
        outcome=Outcome(success=success, progress=progress),
    )


NAMES = [f"idea{number}" for number in range(20)]


def test_first_come_quarters_of_the_bank_in_its_order() -> None:
    found = list(islice(bundles(NAMES, (), random.Random(1)), 4))
    assert [len(names) for names in found] == [5, 10, 15, 20]
    assert all(list(names) == NAMES[: len(names)] for names in found)


def test_one_idea_is_no_bundle_and_random_ones_are_bounded() -> None:
    assert list(bundles(["only"], (), random.Random(1))) == []
    found = list(bundles(NAMES, (), random.Random(1)))
    assert 4 < len(found) <= 24
    assert all(len(names) > 1 for names in found)


def test_the_best_bundle_is_varied_more_often_than_not() -> None:
    best = set(NAMES[:10])
    firsts = [set(next(bundles(NAMES, NAMES[:10], random.Random(seed)))) for seed in range(60)]
    close = [names for names in firsts if len(names & best) > 2 * len(names - best)]
    assert 30 < len(close) < 60


def test_the_best_is_what_had_most_evidence_at_the_gate(lab: PlainLab, baseline: Candidate) -> None:
    lab.records = {
        baseline.digest: [record(baseline.digest, 0.0, 0.0)],
        "much": [record("much", 1.0, 1.0)],
        "little": [record("little", 0.0, 0.1)],
    }
    lab.decide("ideas", "a+b", Verdict.DISCARDED, candidate="much")
    assert best_of(lab, "ideas", ["a+b", "b+c"]) == "a+b"
    lab.decide("ideas", "b+c", Verdict.UNDECIDED, candidate="little")
    lab.decisions[-1] = lab.decisions[-1].model_copy(update={"e_value": 94.0})
    assert best_of(lab, "ideas", ["a+b", "b+c"]) == "b+c"
    assert best_of(lab, "ideas", []) is None


def test_progress_counts_where_success_does_not_move(lab: PlainLab, baseline: Candidate) -> None:
    lab.records = {
        baseline.digest: [record(baseline.digest, 0.0, 0.2)],
        "moved": [record("moved", 0.0, 0.6), record("moved", 1.0, 1.0, seed=9)],
        "worse": [record("worse", 0.0, 0.1)],
    }
    for name in ("moved", "worse"):
        lab.decide("ideas", name, Verdict.DISCARDED, candidate=name)
    lab.decide("ideas", "broken", Verdict.INVALID)
    lab.decide("ideas", "unmeasured", Verdict.DISCARDED, candidate="unmeasured")
    lab.decide("mutation", "moved", Verdict.DISCARDED, candidate="worse")
    found = gains(lab, "ideas")
    assert set(found) == {"moved", "unmeasured"}
    assert round(found["moved"], 9) == 0.4
