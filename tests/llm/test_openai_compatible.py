from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from agentlab.errors import BudgetSpent, InputError, ModelDown, ModelFailure
from agentlab.llm.gateway import CallRecord, Caps, Gateway
from agentlab.llm.model import CompletionRequest, LanguageModel, ToolCall
from agentlab.llm.openai_compatible import OpenAICompatibleModel, retry_after_s
from agentlab.llm.patience import Patience
from agentlab.testing.model_peer import (
    ModelPeer,
    PeerReply,
    answers,
    breaks_off,
    calls_tool,
    fails,
    never_ends,
    says,
    too_many,
)
from agentlab.testing.model_suite import ModelSuite

Ask = Callable[..., CompletionRequest]
Serve = Callable[..., tuple[ModelPeer, OpenAICompatibleModel]]
NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture
def serve() -> Iterator[Serve]:
    open_ones: list[tuple[ModelPeer, OpenAICompatibleModel]] = []

    def serve(*replies: PeerReply, stream: bool = False) -> tuple[ModelPeer, OpenAICompatibleModel]:
        peer = ModelPeer(replies).__enter__()
        model = OpenAICompatibleModel(peer.url, key="sk-secret", stream=stream)
        open_ones.append((peer, model))
        return peer, model

    yield serve
    for peer, model in open_ones:
        model.close()
        peer.__exit__()


@pytest.mark.parametrize("stream", [False, True])
class TestOpenAICompatible(ModelSuite):
    @pytest.fixture(autouse=True)
    def _peer(self, stream: bool) -> Iterator[None]:
        with ModelPeer([says("hello there")]) as peer:
            self._model = OpenAICompatibleModel(peer.url, stream=stream)
            yield
            self._model.close()

    def make_model(self) -> LanguageModel:
        return self._model

    def make_broken_model(self) -> LanguageModel:
        return OpenAICompatibleModel(NOBODY)


@pytest.mark.parametrize("stream", [False, True])
def test_texts_and_calls_come_back_as_they_were_said(
    stream: bool, serve: Serve, request_of: Ask
) -> None:
    peer, model = serve(says("a  b\n\u2028c"), calls_tool("add", {"a": [1]}), stream=stream)

    assert model.complete(request_of()).text == "a  b\n\u2028c"
    assert model.complete(request_of()).tool_calls == (
        ToolCall(id="call_1", name="add", arguments={"a": [1]}),
    )
    assert peer.requests[0].headers["authorization"] == "Bearer sk-secret"
    assert peer.requests[0].body.get("stream", False) is stream


def test_an_overload_is_asked_again_no_earlier_than_it_says(serve: Serve, request_of: Ask) -> None:
    peer, model = serve(too_many(0.4), says("hello"))
    records: list[CallRecord] = []

    answer = Gateway(model, on_record=records.append).ask(request_of())

    assert answer.completion.text == "hello"
    assert peer.requests[1].at_s - peer.requests[0].at_s >= 0.4
    assert [(record.state, record.attempt) for record in records] == [
        ("reserved", 1),
        ("failed", 1),
        ("reserved", 2),
        ("settled", 2),
    ]


@pytest.mark.parametrize("reply", [fails(500), fails(503), too_many(), breaks_off()])
def test_what_may_pass_is_asked_again(reply: PeerReply, serve: Serve, request_of: Ask) -> None:
    peer, model = serve(reply, says("hello"))

    Gateway(model, patience=Patience(first_wait_s=0)).ask(request_of())

    assert peer.count == 2


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_it_refuses_is_not_asked_again(status: int, serve: Serve, request_of: Ask) -> None:
    peer, model = serve(fails(status, "context too long"))

    with pytest.raises(ModelFailure, match=f"status {status}: context too long") as caught:
        Gateway(model).ask(request_of())

    assert (peer.count, caught.value.is_refusal) == (1, True)


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_a_wrong_key_address_or_model_is_the_persons_mistake(
    status: int, serve: Serve, request_of: Ask
) -> None:
    peer, model = serve(fails(status, "the key sk-secret is wrong"))

    with pytest.raises(InputError, match=rf"chat/completions: status {status}") as caught:
        Gateway(model).ask(request_of())

    assert peer.count == 1
    assert "sk-secret" not in str(caught.value)


def test_a_stream_without_end_ends_at_the_deadline_and_counts_as_paid(
    serve: Serve, request_of: Ask
) -> None:
    peer, model = serve(never_ends())
    records: list[CallRecord] = []
    gateway = Gateway(model, patience=Patience(deadline_s=0.4), on_record=records.append)
    began = time.monotonic()

    with pytest.raises((ModelFailure, ModelDown), match=r"no whole answer within 0\.4 s"):
        gateway.ask(request_of())

    assert 0.4 <= time.monotonic() - began < 5
    assert peer.count == 1
    assert records[-1].state == "lost"
    assert gateway.spent.tokens == records[0].prompt_tokens + records[0].completion_tokens


def test_one_that_is_down_is_asked_ten_times_and_then_named(serve: Serve, request_of: Ask) -> None:
    peer, model = serve(fails(503, "maintenance"))
    gateway = Gateway(model, patience=Patience(first_wait_s=0))
    ends: list[Exception] = []

    for _ in range(20):
        with pytest.raises((ModelFailure, ModelDown)) as caught:
            gateway.ask(request_of())
        ends.append(caught.value)

    assert peer.count == 10
    assert [type(end) for end in ends] == [ModelFailure] * 2 + [ModelDown] * 18
    assert f"{peer.url}/chat/completions: status 503: maintenance; 10 calls" in str(ends[-1])
    assert gateway.spent.tokens == 0


@pytest.mark.parametrize("calls", [0, 1, 3])
def test_the_call_that_would_pass_the_cap_is_not_made(
    calls: int, serve: Serve, request_of: Ask
) -> None:
    peer, model = serve(says("one two three four five six seven eight nine ten"))
    records: list[CallRecord] = []
    Gateway(model, on_record=records.append).ask(request_of())
    most = records[0].prompt_tokens + records[0].completion_tokens
    each = records[1].prompt_tokens + records[1].completion_tokens
    cap = most + (calls - 1) * each if calls else most - 1
    gateway, peer_before = Gateway(model, caps=Caps(tokens=cap)), peer.count

    for _ in range(calls):
        gateway.ask(request_of())
    with pytest.raises(BudgetSpent, match="tokens: "):
        gateway.ask(request_of())

    assert peer.count - peer_before == calls
    assert gateway.spent.tokens == calls * each <= cap


def test_another_model_than_the_one_asked_for_is_flagged(serve: Serve, request_of: Ask) -> None:
    _, model = serve(says("a"), says("b", model="gpt-4o"), says("c"))
    records: list[CallRecord] = []
    gateway = Gateway(model, on_record=records.append)

    for _ in range(3):
        gateway.ask(request_of())

    settled = [record for record in records if record.state == "settled"]
    assert [record.is_other_model for record in settled] == [False, True, False]
    assert [record.model for record in settled] == ["simulated-small", "gpt-4o", "simulated-small"]


def test_an_answer_larger_than_its_tokens_can_be_is_not_read_to_its_end(
    serve: Serve, request_of: Ask
) -> None:
    _, model = serve(answers(b"x" * 10_000_000))

    with pytest.raises(ModelFailure, match="larger than"):
        model.complete(request_of())


def test_nobody_at_the_address_is_told_with_the_address(request_of: Ask) -> None:
    with pytest.raises(ModelFailure, match=f"{NOBODY}/chat/completions: no connection") as caught:
        OpenAICompatibleModel(NOBODY).complete(request_of())

    assert caught.value.is_temporary
    assert not caught.value.may_cost


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(InputError, match="'localhost:8000' is no address"):
        OpenAICompatibleModel("localhost:8000")


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
    ],
)
def test_how_long_to_wait_is_read_in_all_its_forms(
    headers: dict[str, str], wait_s: float | None
) -> None:
    assert retry_after_s(headers) == wait_s


def test_a_day_and_time_to_come_is_a_wait() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    assert 90 < (retry_after_s({"retry-after": then}) or 0) <= 100
