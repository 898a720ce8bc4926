"""A lab made of plain values, and a small target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Stage, Verdict
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord

SOURCE = b'''"""A target."""

LIMIT = 200
WORDS = "red green blue"


def pick(items, limit=LIMIT):
    if len(items) > 3 and limit:
        return items[:limit]
    return [item for item in items if item != ""]


def solve(goal, tools):
    found = tools.observe(limit=LIMIT, text="x")
    for item in pick(found):
        tools.click(item)
    return {"found": len(found), "kind": "a"}
'''


@dataclass
class PlainLab:
    """What a meta-agent sees, from values that a test sets."""

    baseline: Candidate
    target: TargetSpec = field(default_factory=TargetSpec)
    objective: Objective = field(default_factory=Objective)
    decisions: list[Decision] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    records: dict[str, list[TrialRecord]] = field(default_factory=dict)

    @property
    def proposed(self) -> frozenset[str]:
        return frozenset(candidate.digest for candidate in [self.baseline, *self.others])

    def candidate(self, digest: str) -> Candidate:
        return next(c for c in [self.baseline, *self.others] if c.digest == digest)

    def train_records(self, candidate: str) -> Sequence[TrialRecord]:
        return self.records.get(candidate, [])

    def decide(
        self,
        source: str,
        label: str,
        verdict: Verdict,
        stage: Stage = "gate",
        candidate: str | None = None,
    ) -> None:
        self.decisions.append(
            Decision(
                number=len(self.decisions) + 1,
                candidate=candidate or self.baseline.digest,
                incumbent=self.baseline.digest,
                source=source,
                label=label,
                verdict=verdict,
                stage=stage,
                reason="",
            )
        )
