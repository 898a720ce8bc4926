"""The one door to language models: it sets money aside, calls, counts, remembers."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Literal, NamedTuple

from pydantic import Field

from agentlab.core.value import Value, canonical_json
from agentlab.errors import BudgetSpent
from agentlab.llm.cache import AnswerCache
from agentlab.llm.model import Completion, CompletionRequest, LanguageModel
from agentlab.llm.prices import PriceTable, builtin_prices
from agentlab.llm.tokens import count_tokens

__all__ = ["Answer", "CallRecord", "Caps", "Gateway", "Spending"]

_PROMPT_MARGIN = 2.5
"""No text that was tried has more tokens, at a real model, than this times our own count."""


class Spending(NamedTuple):
    """What calls have cost."""

    cost_usd: float = 0.0
    """US dollars."""

    tokens: int = 0
    """Sent and answered together."""

    def plus(self, other: Spending) -> Spending:
        """Returns the sum."""
        return Spending(self.cost_usd + other.cost_usd, self.tokens + other.tokens)

    def minus(self, other: Spending) -> Spending:
        """Returns the difference."""
        return Spending(self.cost_usd - other.cost_usd, self.tokens - other.tokens)


class Caps(Value):
    """What all calls together may cost. None is no cap."""

    cost_usd: float | None = Field(default=None, ge=0)
    """US dollars."""

    tokens: int | None = Field(default=None, ge=0)
    """Sent and answered together."""


class CallRecord(Value):
    """One thing that happened to one call; a call that is made has two, `reserved` first."""

    key: str
    """Content address of the request."""

    model: str
    state: Literal["reserved", "settled", "failed", "cached"]
    """`reserved`: set aside, about to be called. `settled`: answered and paid. `failed`: it raised,
    what was set aside is free again. `cached`: answered from memory, nothing spent."""

    prompt_tokens: int
    """As the model counted; the most that was expected, while `reserved`."""

    completion_tokens: int
    cost_usd: float
    """What it is worth at the table's price, US dollars; spent only where it was `settled`."""


class Answer(NamedTuple):
    """A model's answer with its price."""

    completion: Completion
    cost_usd: float
    """The price of these tokens, also where the answer was remembered: a candidate that asks what
    another asked before has spent as much."""

    is_cached: bool


class Gateway:
    """Meters and caps the calls of one model backend; safe to use from several threads."""

    def __init__(
        self,
        model: LanguageModel,
        *,
        prices: PriceTable | None = None,
        caps: Caps = Caps(),  # noqa: B008 (a frozen value)
        cache: AnswerCache | None = None,
        spent: Spending = Spending(),  # noqa: B008 (a frozen value)
        on_record: Callable[[CallRecord], None] | None = None,
    ) -> None:
        """Stands before a backend.

        Args:
            model: Who answers.
            prices: What it costs; the built-in table if nothing is given.
            caps: What all calls together may cost.
            cache: Answers given before; nothing is remembered without one.
            spent: What was spent before, by a run that is resumed.
            on_record: Told of every call before it is made and after; what it writes down survives
                a kill in between.
        """
        self._model = model
        self._prices = prices or builtin_prices()
        self._caps = caps
        self._cache = cache
        self._spent = spent
        self._reserved = Spending()
        self._on_record = on_record
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spending:
        """What was paid so far; what is set aside for calls in progress is not in it."""
        return self._spent

    def ask(self, request: CompletionRequest) -> Answer:
        """Returns the answer to a request, from memory where there is one.

        Raises:
            BudgetSpent: the call might pass a cap, so it is not made.
            InputError: the model has no price, so it is not called; or it will never answer this.
            InfraError: the model could not answer.
        """
        if self._cache is not None and (known := self._cache.get(request)) is not None:
            return Answer(known, self._record(request, "cached", known).cost_usd, True)
        completion, cost_usd = self._call(request)
        if self._cache is not None:
            self._cache.put(request, completion)
        return Answer(completion, cost_usd, False)

    def _call(self, request: CompletionRequest) -> tuple[Completion, float]:
        expected = Completion(
            prompt_tokens=_most_prompt_tokens(request),
            completion_tokens=request.settings.max_tokens,
            model=request.model,
        )
        reserved = self._spending(expected)
        self._reserve(reserved)
        settled = Spending()
        try:
            self._record(request, "reserved", expected)
            try:
                completion = self._model.complete(request)
            except BaseException:
                self._record(request, "failed", expected)
                raise
            # It is paid, even where whoever answered has no price.
            settled = reserved
            settled = self._spending(completion)
            return completion, self._record(request, "settled", completion).cost_usd
        finally:
            with self._lock:
                self._reserved = self._reserved.minus(reserved)
                self._spent = self._spent.plus(settled)

    def _reserve(self, wanted: Spending) -> None:
        with self._lock:
            least = self._spent.plus(self._reserved)
            after = least.plus(wanted)
            if self._caps.cost_usd is not None and after.cost_usd > self._caps.cost_usd:
                raise BudgetSpent(
                    f"cost_usd: {least.cost_usd:.4f} of {self._caps.cost_usd:.4f} is spent or set "
                    f"aside and the next call may cost {wanted.cost_usd:.4f}"
                )
            if self._caps.tokens is not None and after.tokens > self._caps.tokens:
                raise BudgetSpent(
                    f"tokens: {least.tokens} of {self._caps.tokens} are spent or set aside and the "
                    f"next call may take {wanted.tokens}"
                )
            self._reserved = self._reserved.plus(wanted)

    def _spending(self, completion: Completion) -> Spending:
        tokens = (completion.prompt_tokens, completion.completion_tokens)
        return Spending(self._prices.cost_usd(completion.model, *tokens), sum(tokens))

    def _record(
        self,
        request: CompletionRequest,
        state: Literal["reserved", "settled", "failed", "cached"],
        completion: Completion,
    ) -> CallRecord:
        record = CallRecord(
            key=request.key,
            model=completion.model,
            state=state,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            cost_usd=self._spending(completion).cost_usd,
        )
        if self._on_record is not None:
            self._on_record(record)
        return record


def _most_prompt_tokens(request: CompletionRequest) -> int:
    """Returns a bound on the prompt's tokens that a real tokenizer does not pass."""
    sent = request.model_dump(mode="json", include={"messages", "tools"}, exclude_defaults=True)
    return math.ceil(_PROMPT_MARGIN * count_tokens(canonical_json(sent)))
