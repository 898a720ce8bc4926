from __future__ import annotations

import datetime

import pytest

from agentlab.errors import InputError
from agentlab.llm.prices import SIMULATED_MODEL, Price, builtin_prices, simulated_cost_usd


def test_a_call_costs_its_tokens_at_the_price_of_its_model() -> None:
    assert builtin_prices().cost_usd("gpt-4o", 1_000_000, 100_000) == pytest.approx(3.5)


@pytest.mark.parametrize("name", ["openai/gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-20240806"])
def test_a_model_may_be_named_with_its_maker_and_its_day(name: str) -> None:
    assert builtin_prices().cost_usd(name, 1_000_000, 0) == pytest.approx(2.5)


@pytest.mark.parametrize("name", ["azure/gpt-4o", "gpt-4o-audio", "gpt", "", "openai/x/gpt-4o"])
def test_a_price_is_never_guessed_from_another_name(name: str) -> None:
    with pytest.raises(InputError, match="no price for model"):
        builtin_prices().cost_usd(name, 1, 1)


def test_an_unknown_price_names_the_nearest_the_day_and_the_remedy() -> None:
    with pytest.raises(InputError) as caught:
        builtin_prices().cost_usd("gpt-4o-mimi", 1, 1)

    message = str(caught.value)
    assert "did you mean 'gpt-4o-mini'?" in message
    assert builtin_prices().as_of in message
    assert "declare one" in message
    assert caught.value.exit_code == 2


def test_a_persons_own_price_wins_and_leaves_the_table_alone() -> None:
    table = builtin_prices().with_prices(
        {"mine": Price(prompt=1, completion=2), "gpt-4o": Price(prompt=0, completion=0)}
    )

    assert table.cost_usd("mine", 1_000_000, 1_000_000) == pytest.approx(3.0)
    assert table.cost_usd("gpt-4o", 1_000_000, 0) == 0
    assert table.cost_usd("gpt-4o-mini", 1_000_000, 0) > 0
    assert builtin_prices().cost_usd("gpt-4o", 1_000_000, 0) > 0


def test_the_table_is_dated_and_answers_cost_at_least_what_questions_do() -> None:
    table = builtin_prices()

    datetime.date.fromisoformat(table.as_of)
    assert len(table.usd_per_million_tokens) >= 24
    for name, price in table.usd_per_million_tokens.items():
        assert 0 < price.prompt <= price.completion, name


def test_simulated_money_is_the_reference_models() -> None:
    assert simulated_cost_usd(1_000, 500) == builtin_prices().cost_usd(SIMULATED_MODEL, 1_000, 500)
