"""What tokens cost: a dated table. An unknown price is an error, never 0.

`prices.json` agrees, on its day, with the price map of LiteLLM 1.106. It holds list prices of the
makers: no discounts for caches or batches, no surcharge for long prompts.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

from pydantic import Field

from agentlab.core.value import Value
from agentlab.errors import InputError, nearest
from agentlab.llm.names import without_day, without_maker

__all__ = ["SIMULATED_MODEL", "Price", "PriceTable", "builtin_prices", "simulated_cost_usd"]

SIMULATED_MODEL = "simulated-small"
"""The price that stands for all where no model is called: what the same context would cost."""


class Price(Value):
    """US dollars per million tokens."""

    prompt: float = Field(ge=0)
    """Of what is sent."""

    completion: float = Field(ge=0)
    """Of what is answered."""


class PriceTable(Value):
    """Prices by model, true on one day."""

    as_of: str
    """The day of the table, ISO 8601; prices change, records keep the day."""

    usd_per_million_tokens: dict[str, Price]

    def with_prices(self, prices: Mapping[str, Price]) -> PriceTable:
        """Returns the table with a person's own prices, which win."""
        merged = {**self.usd_per_million_tokens, **prices}
        return PriceTable(as_of=self.as_of, usd_per_million_tokens=merged)

    def cost_usd(self, model: str, prompt_tokens: int, completion_tokens: int) -> float:
        """Returns the price of a call in US dollars.

        A model may be named with its maker (`openai/gpt-5`) and with the day of its release.

        Raises:
            InputError: the table has no such model.
        """
        price = self._price(model)
        return (prompt_tokens * price.prompt + completion_tokens * price.completion) / 1e6

    def _price(self, model: str) -> Price:
        known = self.usd_per_million_tokens
        alone = without_maker(model)
        for name in (model, alone, without_day(alone)):
            if name in known:
                return known[name]
        raise InputError(
            f"no price for model '{model}' in the table of {self.as_of}{nearest(alone, known)}; "
            f"declare one, US dollars per million tokens: "
            f"{{'{model}': {{prompt: 0.40, completion: 1.60}}}}"
        )


@functools.cache
def builtin_prices() -> PriceTable:
    """Returns the table that comes with agentlab."""
    text = resources.files("agentlab.llm").joinpath("prices.json").read_text(encoding="utf-8")
    return PriceTable.model_validate(json.loads(text))


def simulated_cost_usd(prompt_tokens: int, completion_tokens: int) -> float:
    """Returns what tokens would have cost at the reference model's price, US dollars.

    >>> simulated_cost_usd(1_000_000, 0)
    0.4
    """
    return builtin_prices().cost_usd(SIMULATED_MODEL, prompt_tokens, completion_tokens)
