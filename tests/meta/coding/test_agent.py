"""The coding agent as a meta-agent."""

from __future__ import annotations

import pytest

from agentlab.core.candidate import Candidate
from agentlab.llm.cache import AnswerCache
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.meta.coding.agent import CodingAgent, CodingSettings
from agentlab.testing.meta_agent_suite import MetaAgentSuite
from tests.meta.coding.scripts import BETTER, calls, edits_and_submits, gateway_of, says
from tests.meta.lab.workshop import PlainWorkshop

pytest.importorskip("langgraph.checkpoint.sqlite")

SETTINGS = CodingSettings(models=("m",))


class TestCodingAgent(MetaAgentSuite):
    def make_agent(self, baseline: Candidate) -> CodingAgent:
        gateway, _ = gateway_of(_submits_in_any_lab, cache=AnswerCache())
        return CodingAgent(gateway, SETTINGS)


def _submits_in_any_lab(request: CompletionRequest) -> Completion:
    if request.messages[-1].role == "user":
        return edits_and_submits(request)
    return calls(("submit", {"title": "another", "hypothesis": "it answers more"}))


def test_what_it_did_is_reported_with_its_cost(workshop: PlainWorkshop) -> None:
    gateway, _ = gateway_of(edits_and_submits)

    made = CodingAgent(gateway, SETTINGS).propose(workshop, [workshop.baseline], count=2, seed=7)

    assert [attempt.candidate for attempt in workshop.attempts] == [one.digest for one in made]
    first = workshop.attempts[0]
    assert (first.model, first.calls, first.tokens) == ("m", 2, 30)
    assert first.prediction is not None
    assert first.prediction.tasks == ("a",)
    assert first.trials
    assert made[0].label == "m: another"
    assert made[0].provenance == "model"


def test_each_attempt_starts_from_the_next_parent(workshop: PlainWorkshop) -> None:
    other = Candidate(files={**workshop.baseline.files, "agent.py": BETTER.format(n=0).encode()})
    workshop.others.append(other)
    gateway, _ = gateway_of(edits_and_submits)

    made = CodingAgent(gateway, SETTINGS).propose(
        workshop, [workshop.baseline, other], count=3, seed=7
    )

    assert [one.parent for one in made] == [
        workshop.baseline.digest,
        other.digest,
        workshop.baseline.digest,
    ]


def test_what_came_to_nothing_is_reported_with_its_reason(workshop: PlainWorkshop) -> None:
    gateway, _ = gateway_of(lambda request: says("I would rather not"))

    made = CodingAgent(gateway, SETTINGS).propose(workshop, [workshop.baseline], count=1, seed=7)

    assert list(made) == []
    assert workshop.attempts[0].failure == "the model called no tool, 3 turns in a row"
    assert workshop.attempts[0].calls == 3


def test_siblings_that_submit_the_same_files_are_one_proposal(workshop: PlainWorkshop) -> None:
    def alike(request: CompletionRequest) -> Completion:
        if request.messages[-1].role == "user":
            return calls(("edit_file", {"path": "agent.py", "new": BETTER.format(n=1)}))
        return calls(("submit", {"title": "t", "hypothesis": "h"}))

    gateway, _ = gateway_of(alike)
    made = CodingAgent(gateway, SETTINGS).propose(workshop, [workshop.baseline], count=3, seed=7)

    assert len(made) == 1
    assert [attempt.failure for attempt in workshop.attempts] == [
        "",
        "a sibling submitted the same files",
        "a sibling submitted the same files",
    ]


def test_several_models_share_the_proposals(workshop: PlainWorkshop) -> None:
    gateway, model = gateway_of(edits_and_submits)
    agent = CodingAgent(gateway, CodingSettings(models=("m", "openai/m")))

    agent.propose(workshop, [workshop.baseline], count=2, seed=7)

    assert {request.model for request in model.requests} == {"m", "openai/m"}
