"""Typed edits without any guidance."""

from __future__ import annotations

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.meta.mutation.random_edits import RandomEdits
from agentlab.testing.meta_agent_suite import MetaAgentSuite
from tests.meta.plain_lab import PlainLab


class TestSuite(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> RandomEdits:
        return RandomEdits()


def test_what_became_of_earlier_proposals_does_not_matter(
    lab: PlainLab, baseline: Candidate
) -> None:
    before = RandomEdits().propose(lab, [baseline], count=5, seed=1)
    for _ in range(9):
        lab.decide("random", "tighten_limit agent.py:3 200 -> 100", Verdict.KEPT)
    assert RandomEdits().propose(lab, [baseline], count=5, seed=1) == before
