"""What every backend of language models does: inherit, give the model, run with pytest.

    class TestMyModel(ModelSuite):
        def make_model(self):
            return MyModel()

The questions are harmless and short, so that a paid backend can be tried too.
"""

# A test's name is its sentence.
# ruff: noqa: D102

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from agentlab.errors import InfraError, InputError
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import (
    Completion,
    CompletionRequest,
    LanguageModel,
    Message,
    ModelTool,
    Settings,
)

__all__ = ["ModelSuite"]


class ModelSuite:
    """Tests of one backend."""

    model_name = "simulated-small"
    """A model that the backend has and the price table knows."""

    def make_model(self) -> LanguageModel:
        """Returns the backend."""
        raise NotImplementedError("say which model: override make_model()")

    def make_broken_model(self) -> LanguageModel:
        """Returns the backend where nobody answers: the wrong address, a script without replies."""
        pytest.skip("this backend's suite has none that is broken")

    @pytest.fixture
    def model(self) -> LanguageModel:
        """Returns the backend."""
        return self.make_model()

    def request_of(self, text: str, *, max_tokens: int = 64) -> CompletionRequest:
        """Returns a question to the model."""
        return CompletionRequest(
            model=self.model_name,
            messages=(
                Message(role="system", content="Answer in a few words."),
                Message(role="user", content=text),
            ),
            settings=Settings(max_tokens=max_tokens),
        )

    def test_an_answer_says_who_gave_it_and_what_it_took(self, model: LanguageModel) -> None:
        answer = model.complete(self.request_of("Say hello."))

        assert isinstance(answer, Completion)
        assert answer.model
        assert answer.text.strip()
        assert answer.prompt_tokens > 0
        assert 0 < answer.completion_tokens <= 64
        assert answer.finish in ("stop", "length")

    def test_a_longer_prompt_takes_more_tokens(self, model: LanguageModel) -> None:
        short, long = (
            model.complete(self.request_of("Say hello. " * times)).prompt_tokens
            for times in (1, 50)
        )

        assert long > short + 49

    def test_no_more_is_answered_than_was_asked_for(self, model: LanguageModel) -> None:
        answer = model.complete(self.request_of("Count to one hundred.", max_tokens=3))

        assert answer.completion_tokens <= 3

    def test_a_conversation_with_tools_is_taken(self, model: LanguageModel) -> None:
        parameters = {"type": "object", "properties": {"a": {"type": "integer"}}}
        request = CompletionRequest.model_validate(
            {
                **self.request_of("Say hello.").model_dump(),
                "tools": [
                    ModelTool(name="add", description="Adds.", parameters=parameters).model_dump()  # type: ignore[arg-type]
                ],
            }
        )

        answer = model.complete(request)

        assert answer.text.strip() or answer.tool_calls
        assert {call.name for call in answer.tool_calls} <= {"add"}

    def test_questions_may_be_asked_at_one_time(self, model: LanguageModel) -> None:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(model.complete, [self.request_of("Say hello.")] * 8))

        assert len(answers) == 8
        assert all(isinstance(answer, Completion) for answer in answers)

    def test_its_answers_have_a_price(self, model: LanguageModel) -> None:
        gateway = Gateway(model)

        assert gateway.ask(self.request_of("Say hello.")).cost_usd > 0
        assert gateway.spent.cost_usd > 0

    def test_a_failure_is_one_of_ours(self) -> None:
        with pytest.raises((InfraError, InputError)):
            self.make_broken_model().complete(self.request_of("Say hello."))
