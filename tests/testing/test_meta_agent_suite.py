from __future__ import annotations

from collections.abc import Sequence

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab, MetaAgent
from agentlab.meta.ideas.agent import IdeasAgent
from agentlab.meta.ideas.bank import Change, Idea
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.testing.meta_agent_suite import MetaAgentSuite


class TestMutation(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> MetaAgent:
        return MutationAgent()


class TestIdeas(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> MetaAgent:
        changes = (
            ("KNOBS = (0.6, 0.3, 0.5)", "KNOBS = (0.9, 0.1, 0.6)"),
            ('return "done"', 'return "turned"'),
            ("def solve", "STEPS = 3\n\n\ndef solve"),
        )
        bank = [
            Idea(f"idea-{number}", "a title", "it helps", "a test", (Change("agent.py", *change),))
            for number, change in enumerate(changes)
        ]
        return IdeasAgent(bank, written_against=baseline)


class Careless:
    """Edits whatever comes first, without a word, always the same."""

    name = "careless"

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        files = {**parents[0].files, "frozen.py": b"LIMIT = ("}
        return [Candidate(files=files, parent=parents[0].digest)] * (count + 1)


class CarelessSuite(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> MetaAgent:
        return Careless()


@pytest.mark.parametrize(
    "test",
    [
        "test_only_what_may_be_edited_is_edited_and_it_parses",
        "test_no_candidate_is_proposed_twice",
        "test_a_candidate_says_where_it_comes_from",
        "test_where_nothing_may_be_edited_it_has_nothing_to_propose",
    ],
)
def test_a_broken_promise_fails_its_test(test: str) -> None:
    with pytest.raises(AssertionError):
        getattr(CarelessSuite(), test)()


def test_too_many_candidates_are_told() -> None:
    with pytest.raises(AssertionError):
        CarelessSuite().test_it_proposes_something_and_never_more_than_asked(1)
