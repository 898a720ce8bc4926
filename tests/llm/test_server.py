from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from agentlab.llm.gateway import Gateway
from agentlab.llm.model import CompletionRequest
from agentlab.llm.remote import Reply
from agentlab.llm.scripted import ScriptedModel
from agentlab.llm.server import GatewayServer

Ask = Callable[..., CompletionRequest]


@pytest.fixture
def server() -> Iterator[GatewayServer]:
    server = GatewayServer(Gateway(ScriptedModel.of_list(["hello"])), "token")
    yield server
    server.close()


def post(server: GatewayServer, token: str, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request("POST", "/ask", body, {"authorization": f"Bearer {token}"})
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def test_who_has_the_token_is_answered_and_told_of_troubles(
    server: GatewayServer, request_of: Ask
) -> None:
    body = request_of().model_dump_json().encode()
    first, second = (Reply.model_validate_json(post(server, "token", body)[1]) for _ in range(2))

    assert first.completion is not None
    assert first.completion.text == "hello"
    assert second.trouble is not None
    assert second.trouble.kind == "InputError"


def test_who_has_not_is_not_let_in(server: GatewayServer, request_of: Ask) -> None:
    assert post(server, "tokem", request_of().model_dump_json().encode())[0] == 401


def test_what_is_no_question_is_said_to_be_none(server: GatewayServer) -> None:
    assert post(server, "token", b"{}")[0] == 400


def test_it_listens_on_this_machine_alone(server: GatewayServer) -> None:
    assert urlsplit(server.url).hostname == "127.0.0.1"
