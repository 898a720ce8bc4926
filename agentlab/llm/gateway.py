"""The one door to language models: it sets money aside, calls, tries again, counts, remembers."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from agentlab.errors import ModelFailure
from agentlab.llm.cache import AnswerCache
from agentlab.llm.call import CallRecord, CallState
from agentlab.llm.model import Completion, CompletionRequest, LanguageModel
from agentlab.llm.most import most_tokens
from agentlab.llm.names import AnsweredNames
from agentlab.llm.patience import Patience
from agentlab.llm.prices import PriceTable, builtin_prices
from agentlab.llm.purse import Caps, Purse, Spending
from agentlab.llm.streak import Streak

__all__ = ["Answer", "CallRecord", "Caps", "Gateway", "ModelAccess", "Spending"]


class Answer(NamedTuple):
    """A model's answer with its price."""

    completion: Completion
    cost_usd: float
    """The price of these tokens, also where the answer was remembered: a candidate that asks what
    another asked before has spent as much."""

    is_cached: bool


class ModelAccess(Protocol):
    """Who answers questions, and what that costs: the gateway, or a way to it from elsewhere."""

    def ask(self, request: CompletionRequest) -> Answer:
        """Returns the answer to a request; may be called from several threads at one time.

        Raises:
            BudgetSpent: the call might pass a cap, so it is not made.
            InputError: the model has no price, so it is not called; or it will never answer.
            ModelDown: it failed so often in a row that it is not asked any more.
            ModelFailure: it did not answer this, after as many tries as are worth it.
            InfraError: our side failed otherwise.
        """
        ...


class Gateway:
    """Meters, caps and repeats the calls of one model backend; safe to use from several threads."""

    def __init__(
        self,
        model: LanguageModel,
        *,
        prices: PriceTable | None = None,
        caps: Caps = Caps(),  # noqa: B008 (a frozen value)
        patience: Patience = Patience(),  # noqa: B008 (a frozen value)
        cache: AnswerCache | None = None,
        spent: Spending = Spending(),  # noqa: B008 (a frozen value)
        on_record: Callable[[CallRecord], None] | None = None,
    ) -> None:
        """Stands before a backend.

        Args:
            model: Who answers.
            prices: What it costs; the built-in table if nothing is given.
            caps: What all calls together may cost.
            patience: How long it is waited for and how often it is asked again.
            cache: Answers given before; nothing is remembered without one.
            spent: What was spent before, by a run that is resumed.
            on_record: Told of every call before it is made and after, one at a time; what it writes
                down survives a kill in between.
        """
        self._model = model
        self._prices = prices or builtin_prices()
        self._purse = Purse(caps, spent)
        self._patience = patience
        self._streak = Streak(patience)
        self._cache = cache
        self._on_record = on_record
        self._names = AnsweredNames()
        self._numbers = itertools.count(1)
        self._telling = threading.Lock()

    @property
    def spent(self) -> Spending:
        """What was paid so far; what is set aside for calls in progress is not in it."""
        return self._purse.spent

    def ask(self, request: CompletionRequest) -> Answer:
        """Returns the answer to a request, from memory where there is one; see `ModelAccess`."""
        if self._cache is not None and (known := self._cache.get(request)) is not None:
            call = _Call(request, next(self._numbers))
            return Answer(known, self._tell(call, "cached", known).cost_usd, True)
        completion, cost_usd = self._insist(request)
        if self._cache is not None:
            self._cache.put(request, completion)
        return Answer(completion, cost_usd, False)

    def _insist(self, request: CompletionRequest) -> tuple[Completion, float]:
        deadline = time.monotonic() + self._patience.deadline_s
        failure = ModelFailure(
            f"no turn within {self._patience.deadline_s:g} s: others wait for it to recover",
            endpoint=request.model,
        )
        for attempt in range(1, self._patience.attempts + 1):
            try:
                with self._streak.turn(deadline):
                    return self._call(request, attempt, deadline - time.monotonic())
            except TimeoutError:
                break
            except ModelFailure as error:
                failure = error
                if not error.is_temporary:
                    break
        raise failure

    def _call(
        self, request: CompletionRequest, attempt: int, timeout_s: float
    ) -> tuple[Completion, float]:
        most = most_tokens(request)
        set_aside = self._spending(most)
        with self._purse.set_aside(set_aside) as payment:
            call = _Call(request, next(self._numbers), attempt, time.monotonic())
            self._tell(call, "reserved", most)
            try:
                completion = self._model.complete(request, timeout_s=timeout_s)
            except BaseException as error:
                may_cost = isinstance(error, ModelFailure) and error.may_cost
                payment.paid = set_aside if may_cost else Spending()
                self._tell(call, "lost" if may_cost else "failed", most, reason=str(error))
                raise
            # It is paid, even where whoever answered has no price.
            payment.paid = set_aside
            payment.paid = self._spending(completion)
            return completion, self._tell(call, "settled", completion).cost_usd

    def _spending(self, completion: Completion) -> Spending:
        tokens = (completion.prompt_tokens, completion.completion_tokens)
        return Spending(self._prices.cost_usd(completion.model, *tokens), sum(tokens))

    def _tell(
        self, call: _Call, state: CallState, completion: Completion, *, reason: str = ""
    ) -> CallRecord:
        asked = call.request.model
        record = CallRecord(
            number=call.number,
            key=call.request.key,
            asked=asked,
            model=completion.model,
            is_other_model=state in ("settled", "cached")
            and self._names.is_other(asked, completion.model),
            state=state,
            attempt=call.attempt,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            is_usage_told=completion.is_usage_told,
            cost_usd=self._spending(completion).cost_usd,
            seconds=round(time.monotonic() - call.began, 4) if call.began else 0.0,
            reason=reason,
        )
        if self._on_record is not None:
            with self._telling:
                self._on_record(record)
        return record


class _Call(NamedTuple):
    """One try of one question."""

    request: CompletionRequest
    number: int
    attempt: int = 1
    began: float = 0.0
