from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.environment import Environment, Episode
from agentlab.core.value import JsonValue
from agentlab.errors import InfraError, Violation
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.testing.environments.mishaps import (
    Mishap,
    MishapEpisode,
    MishapsEnvironment,
    mishap_task,
)


class TestMishaps(EnvironmentSuite):
    def make_environment(self) -> Environment:
        return MishapsEnvironment()

    def oracle(self, episode: Episode) -> JsonValue:
        assert isinstance(episode, MishapEpisode)
        return episode.roll()


@pytest.mark.parametrize(
    ("mishap", "error"),
    [("start_infra", InfraError), ("start_bug", ZeroDivisionError)],
)
def test_it_fails_at_the_start_where_the_task_says_so(
    mishap: Mishap, error: type[Exception]
) -> None:
    with pytest.raises(error):
        MishapsEnvironment().start(mishap_task(mishap), 0)


@pytest.mark.parametrize(
    ("mishap", "error"),
    [("tool_infra", InfraError), ("tool_bug", ZeroDivisionError), ("tool_violation", Violation)],
)
def test_it_fails_in_the_tool_where_the_task_says_so(
    mishap: Mishap, error: type[Exception]
) -> None:
    episode = MishapsEnvironment().start(mishap_task(mishap), 0)

    with pytest.raises(error):
        episode.roll()


def test_episodes_of_one_group_meet(tmp_path: Path) -> None:
    environment = MishapsEnvironment(meeting=str(tmp_path))
    first, second, other = (environment.start(mishap_task("judge_bug"), 0) for _ in range(3))

    assert first.meet("a", 1, 0.0) == 1
    assert second.meet("a", 2, 0.0) == 2
    assert other.meet("b", 2, 0.0) == 1
