"""Ideas that help only together."""

from __future__ import annotations

import random
from itertools import islice

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.meta.ideas.bundles import bundles, gains
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


def test_the_helpful_come_together_first_then_the_harmless_then_all() -> None:
    found = bundles(["new"], {"neutral": 0.0, "good": 0.1, "best": 0.2}, random.Random(1))
    assert list(islice(found, 3)) == [
        ("best", "good"),
        ("best", "good", "neutral"),
        ("best", "good", "neutral", "new"),
    ]


def test_one_idea_is_no_bundle_and_random_ones_are_bounded() -> None:
    assert list(bundles(["only"], {}, random.Random(1))) == []
    found = list(bundles(["a", "b", "c"], {}, random.Random(1)))
    assert 1 < len(found) <= 22
    assert all(len(names) > 1 for names in found)


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
