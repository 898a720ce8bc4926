"""What tokens cost: a dated table. An unknown price is an error, never 0."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.errors import InputError, nearest

__all__ = ["PRICES", "PRICES_AS_OF", "SIMULATED_MODEL", "Price", "price_usd", "simulated_cost_usd"]

PRICES_AS_OF = "2025-06-01"
"""The day of the table; prices change, records keep the day."""


class Price(NamedTuple):
    """US dollars per million tokens."""

    prompt_usd: float
    completion_usd: float


PRICES: dict[str, Price] = {
    "claude-3-5-haiku": Price(0.80, 4.00),
    "claude-3-5-sonnet": Price(3.00, 15.00),
    "gpt-4.1": Price(2.00, 8.00),
    "gpt-4.1-mini": Price(0.40, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.40),
    "gpt-4o": Price(2.50, 10.00),
    "gpt-4o-mini": Price(0.15, 0.60),
}

SIMULATED_MODEL = "gpt-4.1-mini"
"""The model whose price stands where none is called: what the same context would cost."""


def price_usd(
    model: str,
    prompt_tokens: int,
    completion_tokens: int,
    *,
    prices: dict[str, Price] = PRICES,
) -> float:
    """Returns the price of a call in US dollars.

    Raises:
        InputError: the table has no such model.
    """
    if model not in prices:
        raise InputError(f"no price for model '{model}'{nearest(model, prices)}")
    price = prices[model]
    return (prompt_tokens * price.prompt_usd + completion_tokens * price.completion_usd) / 1e6


def simulated_cost_usd(prompt_tokens: int, completion_tokens: int) -> float:
    """Returns what tokens would have cost at the reference model's price, US dollars.

    >>> simulated_cost_usd(1_000_000, 0)
    0.4
    """
    return price_usd(SIMULATED_MODEL, prompt_tokens, completion_tokens)
