from __future__ import annotations

import pytest

from agentlab.llm.model import Completion, CompletionRequest, LanguageModel
from agentlab.llm.scripted import ScriptedModel
from agentlab.testing.model_suite import ModelSuite


class TestScripted(ModelSuite):
    def make_model(self) -> LanguageModel:
        return ScriptedModel(lambda _: "hello, and one two three")

    def make_broken_model(self) -> LanguageModel:
        return ScriptedModel.of_list([])


class Talkative:
    """Answers more than it was asked for and says that the prompt was free."""

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        return Completion(text="x", prompt_tokens=0, completion_tokens=1000, model=request.model)


class Leaky:
    """Fails with an error of its own kind."""

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        raise OSError("no route to host")


class LeakySuite(ModelSuite):
    def make_broken_model(self) -> LanguageModel:
        return Leaky()


@pytest.mark.parametrize(
    "test",
    [
        "test_an_answer_says_who_gave_it_and_what_it_took",
        "test_a_longer_prompt_takes_more_tokens",
        "test_no_more_is_answered_than_was_asked_for",
    ],
)
def test_a_broken_promise_fails_its_test(test: str) -> None:
    with pytest.raises(AssertionError):
        getattr(ModelSuite(), test)(Talkative())


def test_an_error_that_is_not_of_the_tree_is_told() -> None:
    with pytest.raises(OSError, match="no route"):
        LeakySuite().test_a_failure_is_one_of_ours()
