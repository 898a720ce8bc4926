from __future__ import annotations

from agentlab.core.environment import Environment, Episode
from agentlab.core.tool import ToolResult
from agentlab.core.value import JsonValue
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.caller import CallerEnvironment, CallerEpisode


class TestCaller(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return CallerEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, CallerEpisode)
        return episode._country


def started(seed: int) -> CallerEpisode:
    environment = CallerEnvironment()
    return environment.start(environment.tasks("train")[0], seed)


def diary_of(episode: CallerEpisode) -> list[str]:
    diary = episode.goal.inputs["diary"]
    assert isinstance(diary, list)
    return [str(line) for line in diary]


def test_the_model_reads_the_diary_that_it_is_sent() -> None:
    for seed in range(20):
        episode = started(seed)
        prompt = "\n".join([*diary_of(episode), episode.goal.instruction])

        assert episode.judge(episode.model(prompt).value).success == 1


def test_a_question_without_the_lines_that_answer_it_gets_no_answer() -> None:
    episode = started(0)

    assert episode.model(episode.goal.instruction).value == "unknown"


def test_a_shorter_prompt_costs_less() -> None:
    episode = started(0)
    long, short = (episode.model("\n".join(diary_of(episode)[:lines])) for lines in (40, 10))

    assert isinstance(long, ToolResult)
    assert 0 < short.cost_usd < long.cost_usd
    assert 0 < short.prompt_tokens < long.prompt_tokens
