from __future__ import annotations

from collections.abc import Callable

import pytest

from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.most import metered, most_prompt_tokens, most_tokens

Ask = Callable[..., CompletionRequest]


def answer(text: str = "three mugs", finish: str = "stop") -> Completion:
    return Completion.model_validate(
        {"text": text, "prompt_tokens": 0, "completion_tokens": 0, "model": "m", "finish": finish}
    )


def test_more_is_asked_more_may_be_taken(request_of: Ask) -> None:
    short, long = request_of("x"), request_of("x " * 100)

    assert most_prompt_tokens(long) >= most_prompt_tokens(short) + 247
    assert most_tokens(short).completion_tokens == short.settings.max_tokens


def test_what_a_model_tells_is_believed_where_it_can_be_true(request_of: Ask) -> None:
    told = metered(answer(), (12, 3), request_of())

    assert (told.prompt_tokens, told.completion_tokens, told.is_usage_told) == (12, 3, True)


@pytest.mark.parametrize("told", [None, (0, 3), (12, 0), (10**9, 3), (12, 10**9)])
def test_what_cannot_be_true_is_counted_by_us_and_marked(
    told: tuple[int, int] | None, request_of: Ask
) -> None:
    counted = metered(answer(), told, request_of(max_tokens=100))

    assert not counted.is_usage_told
    assert counted.prompt_tokens == most_prompt_tokens(request_of(max_tokens=100))
    assert counted.completion_tokens == 5


def test_an_answer_that_was_cut_had_all_that_it_might(request_of: Ask) -> None:
    assert metered(answer(finish="length"), None, request_of()).completion_tokens == 10
