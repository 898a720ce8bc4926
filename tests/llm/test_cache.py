from __future__ import annotations

from collections.abc import Callable

from agentlab.llm.cache import AnswerCache
from agentlab.llm.model import Completion, CompletionRequest, ToolCall

Ask = Callable[..., CompletionRequest]

ANSWER = Completion(
    text="three",
    tool_calls=(ToolCall(id="1", name="count", arguments={"what": ["mugs", None, 0.5]}),),
    prompt_tokens=4,
    completion_tokens=1,
    model="simulated-small",
    finish="tool_calls",
)


def test_an_answer_comes_back_whole_for_an_equal_question_alone(request_of: Ask) -> None:
    cache = AnswerCache()
    cache.put(request_of(), ANSWER)

    assert cache.get(request_of()) == ANSWER
    assert cache.get(request_of("how many cups?")) is None


def test_what_keeps_the_answers_may_outlive_the_cache(request_of: Ask) -> None:
    kept: dict[str, str] = {}
    AnswerCache(kept).put(request_of(), ANSWER)

    assert AnswerCache(kept).get(request_of()) == ANSWER
    assert AnswerCache().get(request_of()) is None
