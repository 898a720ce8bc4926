"""A question, and a model that answers it, for all tests of the gateway."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.llm.model import CompletionRequest, Message, Settings


def a_request(text: str = "how many mugs?", *, max_tokens: int = 10) -> CompletionRequest:
    return CompletionRequest(
        model="simulated-small",
        messages=(Message(role="user", content=text),),
        settings=Settings(max_tokens=max_tokens),
    )


@pytest.fixture
def request_of() -> Callable[..., CompletionRequest]:
    return a_request
