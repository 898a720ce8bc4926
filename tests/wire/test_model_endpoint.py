from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from agentlab.wire.model_endpoint import MODEL_TOOL, open_endpoint


def test_what_an_sdk_posts_goes_over_the_wire_as_it_is_and_the_answer_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_BASE_URL", "elsewhere")
        monkeypatch.setenv(f"{name}_API_KEY", "sk-real")
    monkeypatch.setenv("OPENAI_API_BASE", "elsewhere")
    calls: list[tuple[str, Mapping[str, Any]]] = []

    def call(name: str, arguments: Mapping[str, Any]) -> Any:
        calls.append((name, arguments))
        return {"status": 418, "type": "text/event-stream", "text": "data: \u00e9\n\n"}

    open_endpoint(call)
    address = urlsplit(os.environ["OPENAI_BASE_URL"])
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    replies = []
    for body in (json.dumps({"a": [1]}), "{no json"):
        connection.request("POST", f"{address.path}/chat/completions?x=1", body)
        response = connection.getresponse()
        replies.append((response.status, response.headers["content-type"], response.read()))
    connection.close()

    assert calls == [(MODEL_TOOL, {"path": "/v1/chat/completions", "body": {"a": [1]}})]
    assert replies[0] == (418, "text/event-stream", "data: \u00e9\n\n".encode())
    assert replies[1][0] == 400
    assert address.hostname == "127.0.0.1"
    assert os.environ["ANTHROPIC_BASE_URL"] == f"http://{address.netloc}"
    assert "sk-real" not in (os.environ["OPENAI_API_KEY"], os.environ["ANTHROPIC_API_KEY"])
