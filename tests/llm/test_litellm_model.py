from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("litellm", reason="LiteLLM is not installed")

from agentlab.errors import InputError, ModelFailure
from agentlab.llm.gateway import Gateway
from agentlab.llm.litellm_model import LiteLLMModel
from agentlab.llm.model import CompletionRequest, LanguageModel, Message, ModelTool, Settings
from agentlab.testing.model_peer import (
    ModelPeer,
    PeerReply,
    calls_tool,
    fails,
    never_ends,
    says,
    too_many,
)
from agentlab.testing.model_suite import ModelSuite

pytestmark = pytest.mark.filterwarnings("ignore")
Serve = Callable[..., tuple[ModelPeer, LiteLLMModel]]
QUESTION = CompletionRequest(
    model="openai/gpt-4o",
    messages=(Message(role="user", content="how many?"),),
    tools=(ModelTool(name="add", description="Adds.", parameters={"type": "object"}),),
    settings=Settings(max_tokens=20),
)


@pytest.fixture
def serve() -> Iterator[Serve]:
    open_ones: list[tuple[ModelPeer, LiteLLMModel]] = []

    def serve(*replies: PeerReply) -> tuple[ModelPeer, LiteLLMModel]:
        peer = ModelPeer(replies).__enter__()
        open_ones.append((peer, LiteLLMModel(url=peer.url, key="sk-secret")))
        return open_ones[-1]

    yield serve
    for peer, model in open_ones:
        model.close()
        peer.__exit__()


class TestLiteLLM(ModelSuite):
    model_name = "openai/gpt-4o"

    @pytest.fixture(autouse=True)
    def _peer(self, serve: Serve) -> None:
        self._model = serve(says("hello there"))[1]

    def make_model(self) -> LanguageModel:
        return self._model

    def make_broken_model(self) -> LanguageModel:
        return LiteLLMModel(url="http://127.0.0.1:9/v1", key="none")


def test_a_question_with_tools_is_one_request_and_its_calls_come_back(serve: Serve) -> None:
    peer, model = serve(calls_tool("add", {"a": 1}))

    answer = model.complete(QUESTION)

    assert [(call.name, call.arguments) for call in answer.tool_calls] == [("add", {"a": 1})]
    assert peer.count == 1


@pytest.mark.parametrize("reply", [too_many(7), fails(500), fails(503)])
def test_a_failure_is_one_request_and_says_whether_it_may_pass(
    reply: PeerReply, serve: Serve
) -> None:
    peer, model = serve(reply)

    with pytest.raises(ModelFailure) as caught:
        model.complete(QUESTION)

    assert (peer.count, caught.value.status, caught.value.is_temporary) == (1, reply.status, True)
    assert caught.value.retry_after_s == (7.0 if reply.status == 429 else None)


def test_a_refusal_may_not_pass_and_a_wrong_key_is_the_persons_mistake(serve: Serve) -> None:
    peer, model = serve(fails(400, "too long"), fails(401, "bad key sk-secret"))

    with pytest.raises(ModelFailure, match="too long") as refused:
        model.complete(QUESTION)
    with pytest.raises(InputError, match="litellm openai/gpt-4o: AuthenticationError") as wrong:
        model.complete(QUESTION)

    assert refused.value.is_refusal
    assert "sk-secret" not in str(wrong.value)
    assert peer.count == 2


def test_an_answer_without_end_ends_at_the_deadline(serve: Serve) -> None:
    _, model = serve(never_ends(b" " * 100)._replace(headers={}))
    began = time.monotonic()

    with pytest.raises(ModelFailure, match=r"within 0\.5 s"):
        model.complete(QUESTION, timeout_s=0.5)

    assert time.monotonic() - began < 5


def test_it_is_paid_by_our_table(serve: Serve) -> None:
    _, model = serve(says("hello"))

    answer = Gateway(model).ask(QUESTION)
    tokens = answer.completion

    expected = (tokens.prompt_tokens * 2.5 + tokens.completion_tokens * 10) / 1e6
    assert answer.cost_usd == pytest.approx(expected)
