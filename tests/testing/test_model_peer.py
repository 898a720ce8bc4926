from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from agentlab.testing.model_peer import (
    ModelPeer,
    PeerRequest,
    breaks_off,
    calls_tool,
    fails,
    never_ends,
    says,
    too_many,
)


def post(
    peer: ModelPeer, *, timeout: float = 20, **body: Any
) -> tuple[http.client.HTTPResponse, bytes]:
    """Asks as any client would."""
    connection = http.client.HTTPConnection(urlsplit(peer.url).netloc, timeout=timeout)
    sent = {"model": "m", "messages": [{"role": "user", "content": "hi"}], **body}
    connection.request("POST", "/v1/chat/completions", json.dumps(sent))
    response = connection.getresponse()
    try:
        return response, response.read()
    finally:
        connection.close()


def test_answers_come_one_after_the_other_the_last_for_ever_and_all_are_counted() -> None:
    with ModelPeer([says("a"), calls_tool("add", {"a": 1}), fails(500)]) as peer:
        bodies = [json.loads(post(peer)[1]) for _ in range(4)]

    assert bodies[0]["choices"][0]["message"]["content"] == "a"
    assert bodies[0]["model"] == "m"
    assert bodies[0]["usage"]["prompt_tokens"] > 0
    assert bodies[1]["choices"][0]["finish_reason"] == "tool_calls"
    assert bodies[2] == bodies[3]
    assert peer.count == 4


def test_a_function_sees_the_request() -> None:
    def reply(request: PeerRequest) -> Any:
        return says(f"{request.number}: {request.text.upper()}", model="another")

    with ModelPeer(reply) as peer:
        body = json.loads(post(peer)[1])

    assert body["choices"][0]["message"]["content"] == "1: HI"
    assert body["model"] == "another"


def test_who_asks_for_pieces_gets_pieces() -> None:
    with ModelPeer([says("hello there")]) as peer:
        response, content = post(peer, stream=True)

    assert response.headers["content-type"] == "text/event-stream"
    lines = [line for line in content.decode().split("\n\n") if line]
    assert len(lines) >= 5
    assert lines[-1] == "data: [DONE]"
    assert '"usage": {' in lines[-2]


def test_an_overload_says_when_to_come_back_and_a_slow_answer_comes_late() -> None:
    with ModelPeer([too_many(3), says("a", after_s=0.2)]) as peer:
        response, _ = post(peer)
        began = time.monotonic()
        post(peer)

    assert (response.status, response.headers["retry-after"]) == (429, "3")
    assert time.monotonic() - began >= 0.2


def test_what_breaks_off_is_half_and_what_never_ends_does_not() -> None:
    with ModelPeer([breaks_off(), never_ends()]) as peer:
        with pytest.raises(http.client.IncompleteRead):
            post(peer)
        connection = http.client.HTTPConnection(urlsplit(peer.url).netloc, timeout=20)
        connection.request("POST", "/v1/chat/completions", "{}")
        response = connection.getresponse()
        assert len(response.read(400)) == 400
        connection.close()


def test_nobody_answers_after_the_block() -> None:
    with ModelPeer([says("a")]) as peer:
        pass
    with pytest.raises(OSError, match=r".*"):
        post(peer, timeout=2)
