from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentlab.errors import InputError, ModelDown, ModelFailure
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import Completion, CompletionRequest, Message, Settings
from agentlab.llm.openai_compatible import OpenAICompatibleModel
from agentlab.llm.patience import Patience
from agentlab.testing.bad_replies import BAD_REPLIES, generated_reply
from agentlab.testing.model_peer import ModelPeer, PeerReply, PeerRequest

QUESTION = CompletionRequest(
    model="simulated-small",
    messages=(Message(role="user", content="add one and two"),),
    settings=Settings(max_tokens=100),
)


class Scripted:
    """Answers whatever it was given last."""

    reply: PeerReply

    def __call__(self, request: PeerRequest) -> PeerReply:
        return self.reply


@pytest.fixture(scope="module")
def script() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def model(script: Scripted) -> Iterator[OpenAICompatibleModel]:
    with ModelPeer(script) as peer:
        model = OpenAICompatibleModel(peer.url, key="sk-secret")
        yield model
        model.close()


def outcome_of(model: OpenAICompatibleModel) -> Completion | ModelFailure | ModelDown | InputError:
    """Asks once, through a gateway; whatever is no error of ours goes through."""
    gateway = Gateway(model, patience=Patience(attempts=1, deadline_s=0.5))
    try:
        return gateway.ask(QUESTION).completion
    except (ModelFailure, ModelDown, InputError) as error:
        return error


def test_there_are_forty_kinds_and_more() -> None:
    assert len(BAD_REPLIES) >= 40


@pytest.mark.parametrize("kind", BAD_REPLIES)
def test_a_bad_reply_fails_its_call_alone_and_says_why(
    kind: str, model: OpenAICompatibleModel, script: Scripted
) -> None:
    script.reply = BAD_REPLIES[kind]

    outcome = outcome_of(model)

    if isinstance(outcome, Completion):
        assert [call.problem[:13] for call in outcome.tool_calls] == ["the arguments"]
    else:
        assert isinstance(outcome, ModelFailure)
        assert "/v1/chat/completions: " in str(outcome)
        assert len(str(outcome).splitlines()) == 1
        assert len(str(outcome)) < 600


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_generated_replies_end_in_an_answer_or_a_reason(
    model: OpenAICompatibleModel, script: Scripted
) -> None:
    answered = 0
    for seed in range(10_000):
        script.reply = generated_reply(seed)
        outcome = outcome_of(model)
        if isinstance(outcome, Completion):
            answered += 1
            assert Completion.model_validate_json(outcome.model_dump_json()) == outcome, seed
        else:
            assert str(outcome).strip(), seed

    # Neither all broken nor all as they were.
    assert 1000 < answered < 9000


def test_generated_replies_are_the_same_for_a_seed_and_differ_between_seeds() -> None:
    assert generated_reply(7) == generated_reply(7)
    assert len({generated_reply(seed).body for seed in range(100)}) > 80
