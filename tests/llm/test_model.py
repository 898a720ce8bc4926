from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.llm.model import CompletionRequest, Message, ModelTool, Settings

QUESTION = CompletionRequest(model="m", messages=(Message(role="user", content="hello"),))


def test_equal_requests_have_one_key() -> None:
    again = CompletionRequest.model_validate_json(QUESTION.model_dump_json())

    assert again.key == QUESTION.key


@pytest.mark.parametrize(
    "change",
    [
        {"model": "n"},
        {"messages": (Message(role="system", content="hello"),)},
        {"tools": (ModelTool(name="add", description="Adds.", parameters={}),)},
        {"settings": Settings(seed=1)},
        {"settings": Settings(temperature=0.0)},
        {"settings": Settings(max_tokens=5)},
    ],
    ids=",".join,
)
def test_whatever_could_change_an_answer_changes_the_key(change: dict[str, object]) -> None:
    fields = {name: getattr(QUESTION, name) for name in CompletionRequest.model_fields}

    assert CompletionRequest.model_validate({**fields, **change}).key != QUESTION.key


def test_a_request_without_messages_is_refused() -> None:
    with pytest.raises(ValidationError):
        CompletionRequest(model="m", messages=())
