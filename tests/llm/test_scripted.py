from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import InputError
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.scripted import ScriptedModel, prompt_text
from agentlab.llm.tokens import count_tokens

Ask = Callable[..., CompletionRequest]


def test_a_list_is_dealt_out_in_order_and_then_fails(request_of: Ask) -> None:
    model = ScriptedModel.of_list(["one", "two"])

    assert [model.complete(request_of()).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(InputError, match="no reply left for: 'how many mugs"):
        model.complete(request_of())


def test_the_first_pattern_that_is_found_answers(request_of: Ask) -> None:
    model = ScriptedModel.of_patterns({r"mugs?\b": "three", r"how many": "none"})

    assert model.complete(request_of("how many mugs?")).text == "three"
    assert model.complete(request_of("how many cups?")).text == "none"
    with pytest.raises(InputError, match="no pattern of the script"):
        model.complete(request_of("hello"))


def test_a_function_sees_the_request_and_every_request_is_kept(request_of: Ask) -> None:
    model = ScriptedModel(lambda request: prompt_text(request).upper())

    answer = model.complete(request_of("hello there"))

    assert answer == Completion(
        text="HELLO THERE", prompt_tokens=2, completion_tokens=2, model="simulated-small"
    )
    assert model.requests == [request_of("hello there")]


def test_a_completion_is_given_as_it_stands(request_of: Ask) -> None:
    reply = Completion(prompt_tokens=7, completion_tokens=9, model="other", finish="refused")

    assert ScriptedModel.of_list([reply]).complete(request_of()) == reply


@given(text=st.text(max_size=60), most=st.integers(1, 12))
def test_no_more_tokens_are_answered_than_were_asked_for(text: str, most: int) -> None:
    request = CompletionRequest.model_validate(
        {
            "model": "m",
            "messages": [{"role": "user", "content": "x"}],
            "settings": {"max_tokens": most},
        }
    )
    answer = ScriptedModel(lambda _: text).complete(request)

    assert answer.completion_tokens == min(most, count_tokens(text))
    assert text.startswith(answer.text)
    assert (answer.finish == "length") == (count_tokens(text) > most)
