from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import BudgetSpent, InfraError, InputError
from agentlab.llm.cache import AnswerCache
from agentlab.llm.gateway import CallRecord, Caps, Gateway, Spending
from agentlab.llm.model import Completion, CompletionRequest, Message, Settings
from agentlab.llm.patience import Patience
from agentlab.llm.scripted import ScriptedModel

Ask = Callable[..., CompletionRequest]


def answering(prompt_tokens: int, completion_tokens: int, model: str = "gpt-4o") -> Completion:
    return Completion(
        text="hi", prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, model=model
    )


def test_what_was_answered_is_paid_at_the_price_of_whoever_answered(request_of: Ask) -> None:
    gateway = Gateway(ScriptedModel.of_list([answering(1000, 100)]))

    answer = gateway.ask(request_of())

    assert answer.cost_usd == pytest.approx((1000 * 2.5 + 100 * 10) / 1e6)
    assert gateway.spent == Spending(answer.cost_usd, 1100)


def test_a_model_without_a_price_is_not_called(request_of: Ask) -> None:
    model = ScriptedModel.of_list(["never"])
    request = CompletionRequest(model="nobody", messages=request_of().messages)

    with pytest.raises(InputError, match="no price for model 'nobody'"):
        Gateway(model).ask(request)

    assert model.requests == []


def test_an_answer_without_a_price_is_paid_as_what_was_set_aside(request_of: Ask) -> None:
    gateway = Gateway(ScriptedModel.of_list([answering(3, 1, model="nobody")]))

    with pytest.raises(InputError, match="no price for model 'nobody'"):
        gateway.ask(request_of(max_tokens=10))

    assert gateway.spent.tokens > 10
    assert gateway.spent.cost_usd > 0


@pytest.mark.parametrize(
    ("caps", "word"), [(Caps(cost_usd=1e-6), "cost_usd"), (Caps(tokens=9), "tokens")]
)
def test_a_call_that_might_pass_a_cap_is_not_made(request_of: Ask, caps: Caps, word: str) -> None:
    model = ScriptedModel.of_list(["never"])

    with pytest.raises(BudgetSpent, match=word):
        Gateway(model, caps=caps).ask(request_of(max_tokens=10))

    assert model.requests == []


def test_what_was_set_aside_and_not_used_can_be_spent_on_the_next_call(request_of: Ask) -> None:
    # Ten calls of three tokens, each of which sets aside many more.
    cap = 27 + reserved_tokens(request_of())
    gateway = Gateway(ScriptedModel(lambda _: answering(2, 1)), caps=Caps(tokens=cap))

    for _ in range(10):
        gateway.ask(request_of())
    with pytest.raises(BudgetSpent):
        gateway.ask(request_of())

    assert gateway.spent.tokens == 30


@given(
    costs=st.lists(st.integers(0, 40), max_size=30),
    cap=st.integers(0, 400),
    most=st.integers(1, 40),
)
def test_spending_never_passes_the_cap(costs: list[int], cap: int, most: int) -> None:
    replies = [answering(1, min(cost, most)) for cost in costs]
    gateway = Gateway(ScriptedModel.of_list(replies), caps=Caps(tokens=cap))
    request = CompletionRequest(
        model="gpt-4o",
        messages=(Message(role="user", content="x"),),
        settings=Settings(max_tokens=most),
    )
    for _ in costs:
        try:
            gateway.ask(request)
        except BudgetSpent:
            assert gateway.spent.tokens + most < cap + 100
        assert gateway.spent.tokens <= cap


def test_calls_in_progress_share_one_cap(request_of: Ask) -> None:
    both_in = threading.Barrier(2, timeout=20)

    def reply(request: CompletionRequest) -> Completion:
        return answering(1, 1)

    class Slow:
        def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
            both_in.wait()
            return reply(request)

    set_aside = reserved_tokens(request_of())
    gateway = Gateway(Slow(), caps=Caps(tokens=2 * set_aside))
    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(gateway.ask, request_of()) for _ in range(2))
        assert (first.result(20).completion, second.result(20).completion) == (
            answering(1, 1),
            answering(1, 1),
        )

    class Asking:
        """While it answers, the rest of the budget is asked for once too often."""

        def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
            with pytest.raises(BudgetSpent, match="set aside"):
                narrow.ask(request_of())
            return reply(request)

    narrow = Gateway(Asking(), caps=Caps(tokens=2 * set_aside - 1))
    narrow.ask(request_of())


def reserved_tokens(request: CompletionRequest) -> int:
    """Returns what is set aside for a request."""
    records: list[CallRecord] = []
    Gateway(ScriptedModel.of_list([answering(1, 1)]), on_record=records.append).ask(request)
    return records[0].prompt_tokens + records[0].completion_tokens


def test_an_equal_question_is_answered_from_memory_and_still_has_its_price(
    request_of: Ask,
) -> None:
    model = ScriptedModel.of_list([answering(1000, 100)])
    gateway = Gateway(model, cache=AnswerCache())

    first, second = gateway.ask(request_of()), gateway.ask(request_of())

    assert (first.is_cached, second.is_cached) == (False, True)
    assert (first.completion, first.cost_usd) == (second.completion, second.cost_usd)
    assert gateway.spent.tokens == 1100
    assert len(model.requests) == 1


def test_memory_answers_where_the_budget_is_spent(request_of: Ask) -> None:
    cache = AnswerCache()
    Gateway(ScriptedModel.of_list(["three"]), cache=cache).ask(request_of())

    spent = Gateway(ScriptedModel.of_list([]), cache=cache, caps=Caps(tokens=0))

    assert spent.ask(request_of()).completion.text == "three"


def test_a_failed_call_is_not_paid_nor_remembered(request_of: Ask) -> None:
    def fail(request: CompletionRequest) -> str:
        raise InfraError("503")

    records: list[CallRecord] = []
    cache = AnswerCache()
    gateway = Gateway(
        ScriptedModel(fail),
        cache=cache,
        caps=Caps(tokens=100),
        on_record=records.append,
        patience=Patience(first_wait_s=0),
    )
    for _ in range(10):
        with pytest.raises(InfraError):
            gateway.ask(request_of())

    assert gateway.spent == Spending()
    assert cache.get(request_of()) is None
    assert [record.state for record in records] == ["reserved", "failed"] * 10


def test_every_call_is_told_of_before_it_is_made_and_after(request_of: Ask) -> None:
    told: list[str] = []

    def reply(request: CompletionRequest) -> Completion:
        told.append("called")
        return answering(5, 1)

    records: list[CallRecord] = []

    def keep(record: CallRecord) -> None:
        told.append(record.state)
        records.append(record)

    gateway = Gateway(ScriptedModel(reply), cache=AnswerCache(), on_record=keep)
    gateway.ask(request_of())
    gateway.ask(request_of())

    assert told == ["reserved", "called", "settled", "cached"]
    assert {record.key for record in records} == {request_of().key}
    assert records[0].cost_usd > 0
    assert records[1].cost_usd == records[2].cost_usd == gateway.spent.cost_usd


def test_what_an_earlier_run_spent_counts(request_of: Ask) -> None:
    gateway = Gateway(
        ScriptedModel.of_list(["never"]), caps=Caps(cost_usd=1.0), spent=Spending(1.0, 10)
    )

    with pytest.raises(BudgetSpent, match=r"1\.0000 of 1\.0000"):
        gateway.ask(request_of())
