from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agentlab.errors import BudgetSpent, InputError
from agentlab.llm.model import CompletionRequest
from agentlab.llm.prices import Price
from agentlab.llm.purse import Caps
from agentlab.llm.setup import ModelSetup, open_gateway, open_model
from agentlab.testing.model_peer import ModelPeer, says

Ask = Callable[..., CompletionRequest]


def test_a_key_is_read_from_its_variable_and_sent(request_of: Ask) -> None:
    with ModelPeer([says("hello")]) as peer:
        setup = ModelSetup(url=peer.url, key_variable="MY_KEY")
        with open_model(setup, {"MY_KEY": "sk-1", "OPENAI_API_KEY": "sk-2"}) as model:
            model.complete(request_of())

    assert peer.requests[0].headers["authorization"] == "Bearer sk-1"


def test_what_is_missing_is_the_persons_mistake() -> None:
    keyless = open_model(ModelSetup(url="http://here", key_variable="MY_KEY"), {})
    with pytest.raises(InputError, match="key_variable: the environment has no MY_KEY"), keyless:
        pass
    with pytest.raises(InputError, match="url: "), open_model(ModelSetup(), {}):
        pass


def test_a_gateway_with_a_folder_goes_on_where_the_one_before_ended(
    tmp_path: Path, request_of: Ask
) -> None:
    with ModelPeer([says("hello")]) as peer:
        setup = ModelSetup(
            url=peer.url,
            prices={"simulated-small": Price(prompt=1e6, completion=1e6)},
            caps=Caps(cost_usd=2000),
        )
        with open_gateway(setup, {}, folder=tmp_path) as first:
            first.ask(request_of())
        with open_gateway(setup, {}, folder=tmp_path) as second:
            assert second.spent == first.spent
            assert second.ask(request_of()).is_cached
        assert peer.count == 1
        capped = setup.model_copy(update={"caps": Caps(cost_usd=first.spent.cost_usd)})
        with open_gateway(capped, {}, folder=tmp_path) as third, pytest.raises(BudgetSpent):
            third.ask(request_of("another?"))


def test_without_a_folder_answers_are_remembered_for_as_long_as_it_lives(request_of: Ask) -> None:
    with (
        ModelPeer([says("hello")]) as peer,
        open_gateway(ModelSetup(url=peer.url), {}) as gateway,
    ):
        gateway.ask(request_of())

        assert gateway.ask(request_of()).is_cached
