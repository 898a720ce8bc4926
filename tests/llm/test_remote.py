from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.core.trial import ModelAddress
from agentlab.errors import (
    AgentlabError,
    BudgetSpent,
    InfraError,
    InputError,
    ModelDown,
    ModelFailure,
)
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import CompletionRequest
from agentlab.llm.remote import RemoteGateway, Trouble
from agentlab.llm.scripted import ScriptedModel
from agentlab.llm.server import GatewayServer

Ask = Callable[..., CompletionRequest]


def test_an_answer_is_the_gateways_own(request_of: Ask) -> None:
    gateway = Gateway(ScriptedModel(lambda _: "hello there"))
    server = GatewayServer(gateway, "t")

    answer = RemoteGateway(ModelAddress(url=server.url, token="t", deadline_s=5)).ask(request_of())
    server.close()

    assert answer == gateway.ask(request_of())


@pytest.mark.parametrize(
    "error",
    [
        BudgetSpent("tokens"),
        InputError("no price"),
        ModelDown("down"),
        InfraError("broken"),
        ModelFailure("slow", endpoint="http://x", status=503, is_temporary=True, may_cost=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_as_it_was_raised(error: AgentlabError) -> None:
    told = Trouble.model_validate_json(Trouble.of(error).model_dump_json()).error()

    assert type(told) is type(error)
    assert str(told) == str(error)
    if isinstance(error, ModelFailure) and isinstance(told, ModelFailure):
        assert (told.status, told.is_temporary, told.may_cost) == (503, True, True)


def test_nobody_there_is_our_side(request_of: Ask) -> None:
    nobody = ModelAddress(url="http://127.0.0.1:9", token="t", deadline_s=1)

    with pytest.raises(InfraError, match=r"the gateway to models at http://127\.0\.0\.1:9"):
        RemoteGateway(nobody).ask(request_of())


def test_a_wrong_token_is_our_side(request_of: Ask) -> None:
    server = GatewayServer(Gateway(ScriptedModel.of_list([])), "t")
    with pytest.raises(InfraError, match="answers 401"):
        RemoteGateway(ModelAddress(url=server.url, token="x", deadline_s=5)).ask(request_of())
    server.close()
